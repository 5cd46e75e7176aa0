namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>A test that needs Neovim. In CI it runs in any case and fails without one; elsewhere it is skipped then.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NeovimFactAttribute : FactAttribute
{
    public NeovimFactAttribute()
    {
        bool inCi = Environment.GetEnvironmentVariable("CI") == "true";
        Skip = inCi || IsInstalled() ? null : "nvim is not on the PATH; install Neovim 0.7 or newer (apt-get install neovim)";
    }

    private static bool IsInstalled() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "nvim.exe" : "nvim")));
}
