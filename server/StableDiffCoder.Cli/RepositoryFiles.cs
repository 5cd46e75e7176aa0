namespace StableDiffCoder.Cli;

/// <summary>Finds what the project ships: beside the executable when published, up at the repository's root when built there.</summary>
internal static class RepositoryFiles
{
    /// <summary>The nearest of the executable's folder and its parents that has a file, with the file's path; null when none has.</summary>
    /// <param name="relativePath">Path of the file, with '/'.</param>
    public static string? Find(string relativePath)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, relativePath);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }
        return null;
    }
}
