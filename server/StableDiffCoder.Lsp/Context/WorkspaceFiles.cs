namespace StableDiffCoder.Lsp.Context;

/// <summary>Length and time of a file: when both are as they were, it need not be read again.</summary>
internal readonly record struct FileStamp(long Length, DateTime Written)
{
    /// <summary>A file's stamp; null when there is none.</summary>
    public static FileStamp? Of(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? new FileStamp(file.Length, file.LastWriteTimeUtc) : null;
    }
}

/// <summary>Finds the C# files of folders.</summary>
internal static class WorkspaceFiles
{
    private const int MostFiles = 50_000;

    // Written by tools, in repositories without git too.
    private static readonly HashSet<string> Skipped = new(DocumentPath.Comparer) { "bin", "obj", "node_modules" };

    private static readonly EnumerationOptions Entries = new()
    {
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
    };

    /// <summary>Whether a file is one that is indexed.</summary>
    public static bool IsSource(string path) => path.EndsWith(".cs", StringComparison.OrdinalIgnoreCase);

    /// <summary>The files of folders, at most 50,000; links are not followed.</summary>
    /// <param name="folders">Where to look.</param>
    /// <param name="skips">Which folders not to look into.</param>
    /// <param name="cancellationToken">Checked at every folder.</param>
    public static IEnumerable<string> Find(IEnumerable<string> folders, Func<string, bool> skips, CancellationToken cancellationToken)
    {
        var pending = new Stack<string>(folders.Reverse());
        int found = 0;
        while (pending.TryPop(out string? folder))
        {
            cancellationToken.ThrowIfCancellationRequested();
            foreach (string file in Enumerate(() => Directory.EnumerateFiles(folder, "*.cs", Entries)))
            {
                if (++found > MostFiles)
                {
                    yield break;
                }
                yield return file;
            }
            foreach (
                string inner in Enumerate(() => Directory.EnumerateDirectories(folder, "*", Entries)).OrderDescending(DocumentPath.Comparer)
            )
            {
                if (!Skipped.Contains(Path.GetFileName(inner)) && !skips(inner))
                {
                    pending.Push(inner);
                }
            }
        }
    }

    private static string[] Enumerate(Func<IEnumerable<string>> entries)
    {
        try
        {
            return [.. entries()];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return []; // gone meanwhile, or never there
        }
    }
}
