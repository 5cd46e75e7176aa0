namespace StableDiffCoder.Lsp.Tests.Context;

/// <summary>A test that compares with git, where there is one.</summary>
public sealed class GitFactAttribute : FactAttribute
{
    public GitFactAttribute()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "git.exe" : "git"))))
        {
            Skip = "git is not on PATH";
        }
    }
}
