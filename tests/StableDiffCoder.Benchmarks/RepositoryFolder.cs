namespace StableDiffCoder.Benchmarks;

/// <summary>The repository that this program was built in.</summary>
internal static class RepositoryFolder
{
    /// <summary>A file or folder of it.</summary>
    /// <exception cref="FileNotFoundException">The program runs outside its repository.</exception>
    public static string Find(string path)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string candidate = Path.Combine(folder.FullName, path);
            if (File.Exists(candidate) || Directory.Exists(candidate))
            {
                return candidate;
            }
        }
        throw new FileNotFoundException($"{path} is not above {AppContext.BaseDirectory}; run the benchmarks inside the repository.");
    }
}
