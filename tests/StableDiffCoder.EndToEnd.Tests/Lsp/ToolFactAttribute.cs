namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>A test that needs a program of the system. In CI it runs in any case and fails without it; elsewhere it is skipped then.</summary>
[AttributeUsage(AttributeTargets.Method)]
public class ToolFactAttribute : FactAttribute
{
    public ToolFactAttribute(string tool, string package)
    {
        bool inCi = Environment.GetEnvironmentVariable("CI") == "true";
        Skip = inCi || IsInstalled(tool) ? null : $"{tool} is not on the PATH (apt-get install {package})";
    }

    private static bool IsInstalled(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? $"{tool}.exe" : tool)));
}
