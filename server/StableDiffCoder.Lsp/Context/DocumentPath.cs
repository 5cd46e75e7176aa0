namespace StableDiffCoder.Lsp.Context;

/// <summary>The file behind a document's name.</summary>
internal static class DocumentPath
{
    /// <value>How paths of this system compare.</value>
    public static StringComparer Comparer { get; } =
        OperatingSystem.IsWindows() || OperatingSystem.IsMacOS() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>The full path; null for a document that is no file of this machine.</summary>
    public static string? Of(string uri)
    {
        try
        {
            // A name without a scheme is a path of a client that does not know better.
            if (Path.IsPathFullyQualified(uri))
            {
                return Path.GetFullPath(uri);
            }
            return
                uri.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
                && Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed)
                && parsed.IsFile
                && LocalPath(parsed) is string path
                ? Path.GetFullPath(Uri.UnescapeDataString(path))
                : null;
        }
        catch (Exception exception)
            when (exception is ArgumentException or IOException or NotSupportedException or InvalidOperationException)
        {
            return null; // such as a path with a NUL
        }
    }

    /// <summary>The path in the name of a document that is no file of this machine, such as "deep/.env" of "vscode-vfs://github/deep/.env".</summary>
    public static string InUri(string uri)
    {
        string path = Uri.TryCreate(uri, UriKind.Absolute, out Uri? parsed) ? Uri.UnescapeDataString(parsed.AbsolutePath) : uri;
        return path.TrimStart('/');
    }

    /// <summary>A path as the model is shown it: below its folder, with slashes; only its name outside of all.</summary>
    public static string Shown(string path, IEnumerable<string> folders)
    {
        string? folder = folders.FirstOrDefault(folder => IsBelow(path, folder));
        return folder is null ? Path.GetFileName(path) : Path.GetRelativePath(folder, path).Replace('\\', '/');
    }

    /// <summary>Whether a path is inside a folder.</summary>
    public static bool IsBelow(string path, string folder)
    {
        string root = Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar;
        return path.Length > root.Length && Comparer.Equals(path[..root.Length], root);
    }

    // Null for a file of another machine where such have no path. "localhost" is this one (RFC 8089, section 2).
    private static string? LocalPath(Uri uri)
    {
        bool isHere = uri.Host.Length == 0 || uri.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
        string path = uri.AbsolutePath;
        if (!OperatingSystem.IsWindows())
        {
            return isHere ? path : null;
        }
        // "file:///c%3A/x" is how some editors spell a drive; Uri takes it for a folder called so.
        bool isDrive =
            path.Length > 2
            && path[0] == '/'
            && char.IsAsciiLetter(path[1])
            && (path[2] == ':' || path[2..].StartsWith("%3A", StringComparison.OrdinalIgnoreCase));
        return isHere && isDrive ? path[1..] : uri.LocalPath;
    }
}
