namespace StableDiffCoder.Cli;

/// <summary>The folder of what the language server keeps on this machine: its log and its statistics.</summary>
internal static class StateFolder
{
    /// <summary>Names another folder; empty keeps nothing.</summary>
    public const string EnvironmentVariable = "STABLE_DIFFCODER_STATE";

    /// <summary>The folder, or null when nothing is to be kept or there is no place for it.</summary>
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is string named)
        {
            return string.IsNullOrWhiteSpace(named) ? null : Path.GetFullPath(named);
        }
        string data = Environment.GetFolderPath(
            Environment.SpecialFolder.LocalApplicationData,
            Environment.SpecialFolderOption.DoNotVerify
        );
        return data.Length == 0 ? null : Path.Combine(data, "stable-diffcoder");
    }
}
