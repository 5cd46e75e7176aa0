namespace StableDiffCoder.Lsp.Tests.Wire;

/// <summary>Finds files of the repository from wherever the tests run.</summary>
public static class RepositoryFile
{
    /// <summary>Full path of a file or folder, given relative to the repository's root.</summary>
    public static string Find(string relative) => Path.Combine(Root(), relative);

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "StableDiffCoder.Lsp.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new DirectoryNotFoundException("StableDiffCoder.Lsp.sln is in no folder above the tests");
    }
}
