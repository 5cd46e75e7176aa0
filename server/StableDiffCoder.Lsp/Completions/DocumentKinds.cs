using StableDiffCoder.Lsp.Editing;
using StableDiffCoder.Lsp.Settings;

namespace StableDiffCoder.Lsp.Completions;

/// <summary>
/// Documents in which nobody wants a suggestion, however they ask: what an editor shows as a document although no one writes code there (the
/// old side of a diff, output panes, the commit box).
/// </summary>
internal static class DocumentKinds
{
    private static readonly HashSet<string> Languages = new(StringComparer.OrdinalIgnoreCase)
    {
        "diff",
        "git-commit",
        "gitcommit",
        "git-rebase",
        "gitrebase",
        "fugitive",
        "scminput",
        "log",
        "output",
        "search-result",
        "qf",
        "help",
        "man",
        "terminal",
    };

    private static readonly HashSet<string> Files = new(StringComparer.Ordinal)
    {
        "COMMIT_EDITMSG",
        "MERGE_MSG",
        "TAG_EDITMSG",
        "SQUASH_MSG",
        "git-rebase-todo",
    };

    /// <summary>Why a document gets no suggestions; null when it does.</summary>
    public static Silence? Refuse(string uri, string languageId, ActivationOptions options)
    {
        // A name without a scheme is a path of a client that does not know better.
        int colon = uri.IndexOf(':', StringComparison.Ordinal);
        string scheme = colon > 1 ? uri[..colon] : "file";
        if (!options.Schemes.Contains(scheme, StringComparer.OrdinalIgnoreCase))
        {
            return new Silence("Scheme", $"documents of scheme \"{scheme}\" are not completed; activation.schemes lists those that are");
        }
        string path = uri.Split('?', '#')[0];
        string file = path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        if (Languages.Contains(languageId) || Files.Contains(file))
        {
            return new Silence("NoCode", $"a document of language \"{languageId}\" called \"{file}\" holds no code");
        }
        return null;
    }
}
