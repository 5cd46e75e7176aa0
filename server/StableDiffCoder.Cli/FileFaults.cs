namespace StableDiffCoder.Cli;

/// <summary>Files that the user named and that cannot be used.</summary>
internal static class FileFaults
{
    /// <summary>Why a file could not be read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="error">What reading it threw.</param>
    public static string Reason(string path, Exception error) => Directory.Exists(path) ? "it is a folder." : error.Message;

    /// <summary>Makes sure before long work that a file can be written after it: its folder is made if there is none.</summary>
    /// <param name="path">The file; it need not be there.</param>
    /// <exception cref="InvalidInputException">It is a folder, is read-only, or its folder cannot be made.</exception>
    public static void RequireWritable(string path)
    {
        string? fault = null;
        try
        {
            if (Directory.Exists(path))
            {
                fault = "it is a folder.";
            }
            else if (File.Exists(path))
            {
                fault = (File.GetAttributes(path) & FileAttributes.ReadOnly) != 0 ? "it is read-only." : null;
            }
            else
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            fault = error.Message;
        }
        if (fault is not null)
        {
            throw new InvalidInputException($"{path} cannot be written: {fault}");
        }
    }
}
