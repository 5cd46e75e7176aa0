using System.Collections.Concurrent;

namespace StableDiffCoder.Lsp.Context;

/// <summary>
/// What git ignores in one repository: the patterns of its <c>.gitignore</c> files, of <c>.git/info/exclude</c> and of the user's own file
/// (<see href="https://git-scm.com/docs/gitignore">gitignore</see>). Files of deeper folders are read when first asked for.
/// </summary>
internal sealed class GitIgnore
{
    private readonly ConcurrentDictionary<string, GitPattern[]> folders = new(DocumentPath.Comparer);
    private readonly GitPattern[] outer;

    /// <summary>Reads the patterns that hold for the whole repository.</summary>
    /// <param name="root">The folder that holds <c>.git</c>.</param>
    public GitIgnore(string root)
    {
        Root = root;
        outer = [.. Read(UsersFile()), .. Read(Path.Combine(root, ".git", "info", "exclude"))];
    }

    /// <value>The folder that holds <c>.git</c>.</value>
    public string Root { get; }

    /// <summary>The repository that a folder belongs to; null when it belongs to none.</summary>
    public static string? RootOf(string folder)
    {
        for (string? at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            string git = Path.Combine(at, ".git");
            if (Directory.Exists(git) || File.Exists(git))
            {
                return at;
            }
        }
        return null;
    }

    /// <summary>Whether git ignores a file or folder below <see cref="Root"/>, itself or with a folder above it.</summary>
    public bool IsIgnored(string path, bool isFolder)
    {
        string[] parts = Path.GetRelativePath(Root, path).Split(Path.DirectorySeparatorChar);
        for (int depth = 1; depth <= parts.Length; depth++)
        {
            // What is below an ignored folder cannot be taken back.
            if (IsIgnored(parts.AsSpan(0, depth), isFolder || depth < parts.Length))
            {
                return true;
            }
        }
        return false;
    }

    // The last pattern that matches decides, and the deeper file comes later.
    private bool IsIgnored(ReadOnlySpan<string> path, bool isFolder)
    {
        for (int depth = path.Length - 1; depth >= -1; depth--)
        {
            GitPattern[] patterns = depth < 0 ? outer : PatternsOf(string.Join('/', path[..depth]));
            string below = string.Join('/', path[Math.Max(0, depth)..]);
            if (patterns.LastOrDefault(pattern => pattern.Matches(below, isFolder)) is GitPattern found)
            {
                return !found.IsNegated;
            }
        }
        return false;
    }

    private GitPattern[] PatternsOf(string folder) =>
        folders.GetOrAdd(folder, (below, root) => Read(Path.Combine(root, below, ".gitignore")), Root);

    private static string UsersFile()
    {
        string? config = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME");
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return Path.Combine(string.IsNullOrEmpty(config) ? Path.Combine(home, ".config") : config, "git", "ignore");
    }

    private static GitPattern[] Read(string file)
    {
        try
        {
            return File.Exists(file) ? [.. File.ReadAllLines(file).Select(GitPattern.Parse).OfType<GitPattern>()] : [];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
