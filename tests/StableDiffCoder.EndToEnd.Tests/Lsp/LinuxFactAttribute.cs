namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>A test that looks into /proc.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute()
    {
        Skip = OperatingSystem.IsLinux() ? null : "reads /proc, which this system does not have";
    }
}
