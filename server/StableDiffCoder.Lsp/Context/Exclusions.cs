using System.Collections.Concurrent;
using Microsoft.Extensions.FileSystemGlobbing;
using StableDiffCoder.Lsp.Editing;

namespace StableDiffCoder.Lsp.Context;

/// <summary>
/// Which files the model must not see. Asked for every document and every file of the workspace, so answers are remembered until settings,
/// folders or a <c>.gitignore</c> change.
/// </summary>
internal sealed class Exclusions
{
    private const int MostRemembered = 50_000;

    private volatile State state = new(new ExclusionOptions(), []);

    /// <value>The folders of the workspace, as paths.</value>
    public IReadOnlyList<string> Folders => state.Folders;

    /// <summary>Takes other settings or folders, and forgets what git said.</summary>
    public void Use(ExclusionOptions options, IEnumerable<string> folders) => state = new State(options, [.. folders]);

    /// <summary>Forgets what git said: a <c>.gitignore</c> changed.</summary>
    public void Refresh() => state = new State(state.Options, state.Folders);

    /// <summary>Why a document is excluded; null when it is not.</summary>
    public Silence? Refuse(string uri) => RefuseFile(DocumentPath.Of(uri) ?? uri);

    /// <summary>Why a file is excluded; null when it is not. What is no file of this machine goes by its document's name.</summary>
    public Silence? RefuseFile(string path) =>
        Path.IsPathFullyQualified(path) ? state.Refuse(path, isFolder: false) : state.RefuseName(DocumentPath.InUri(path));

    /// <summary>Whether nothing below a folder need be looked at.</summary>
    public bool SkipsFolder(string path) => state.Refuse(path, isFolder: true) is not null;

    private sealed class State
    {
        private readonly ConcurrentDictionary<(string, bool), Silence?> known = new();
        private readonly ConcurrentDictionary<string, GitIgnore> repositories = new(DocumentPath.Comparer);
        private readonly Matcher secrets;
        private readonly Matcher globs;

        public State(ExclusionOptions options, string[] folders)
        {
            Options = options;
            Folders = folders;
            secrets = MatcherOf(options.Secrets);
            globs = MatcherOf(options.Globs);
        }

        public ExclusionOptions Options { get; }

        public string[] Folders { get; }

        public Silence? Refuse(string path, bool isFolder)
        {
            if (known.Count > MostRemembered)
            {
                known.Clear();
            }
            return known.GetOrAdd((path, isFolder), key => Find(key.Item1, key.Item2));
        }

        /// <summary>The same for a document that is no file of this machine: git is not asked.</summary>
        public Silence? RefuseName(string path) =>
            path.Contains('\0') ? null
            : secrets.Match(path).HasMatches ? Secret
            : globs.Match(path).HasMatches ? Globbed
            : null;

        private static Silence Secret { get; } = new("Excluded", "its name is one of those that hold secrets (exclude.secrets)");

        private static Silence Globbed { get; } = new("Excluded", "exclude.globs has a pattern that matches it");

        private Silence? Find(string path, bool isFolder) =>
            !isFolder && Matches(secrets, path) ? Secret
            : !isFolder && Matches(globs, path) ? Globbed
            : Options.GitIgnored && IsGitIgnored(path, isFolder) ? new Silence("Excluded", "git ignores it, and exclude.gitIgnored is on")
            : null;

        // Below its workspace folder; a file outside of all is matched by its full path.
        private bool Matches(Matcher matcher, string path)
        {
            string root = Folders.FirstOrDefault(folder => DocumentPath.IsBelow(path, folder)) ?? Path.GetPathRoot(path)!;
            return matcher.Match(Path.GetRelativePath(root, path)).HasMatches;
        }

        private bool IsGitIgnored(string path, bool isFolder) =>
            Path.GetDirectoryName(path) is string folder
            && GitIgnore.RootOf(folder) is string root
            && repositories.GetOrAdd(root, found => new GitIgnore(found)).IsIgnored(path, isFolder);

        private static Matcher MatcherOf(IReadOnlyList<string> patterns)
        {
            var matcher = new Matcher(StringComparison.OrdinalIgnoreCase);
            matcher.AddIncludePatterns(patterns);
            return matcher;
        }
    }
}
