using Microsoft.Extensions.Logging;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Editing;

namespace StableDiffCoder.Lsp.Context;

/// <summary>The rest of the work as one session knows it: folders, exclusions, index, places of recent work.</summary>
internal sealed class WorkspaceContext : IAsyncDisposable
{
    /// <summary>So many changed files at once are a branch switch: looking at everything once is cheaper, and misses none.</summary>
    private const int ManyFiles = 64;

    private const string IgnoreFile = ".gitignore";

    private readonly SymbolIndex index = new();
    private readonly RecentRegions regions = new();
    private readonly Exclusions exclusions = new();
    private readonly WorkspaceIndexer indexer;
    private readonly ContextSource source;
    private LanguageServerOptions options;
    private bool started;

    /// <summary>Begins to watch the open documents; the workspace is looked at from <see cref="Start"/> on.</summary>
    public WorkspaceContext(DocumentStore documents, LanguageServerOptions options, ILogger logger)
    {
        this.options = options;
        exclusions.Use(options.Exclude, []);
        indexer = new WorkspaceIndexer(index, exclusions, documents, () => Volatile.Read(ref this.options).Context.Enabled, logger);
        source = new ContextSource(index, regions, documents, exclusions, () => Volatile.Read(ref this.options).Context);
        indexer.Refreshed += source.Refreshed;
        documents.Opened += regions.Opened;
        documents.Changed += regions.Changed;
        documents.Gone += regions.Closed;
        documents.Opened += snapshot => source.Changed(snapshot.Uri);
        documents.Changed += snapshot => source.Changed(snapshot.Uri);
        documents.Gone += source.Changed;
    }

    /// <value>C# files whose declarations are known.</value>
    public int IndexedFiles => index.Count;

    /// <value>Whether files are still to be read.</value>
    public bool IsIndexing => indexer.IsBusy;

    /// <summary>Takes other settings or folders.</summary>
    /// <param name="next">The settings.</param>
    /// <param name="folders">Names of the workspace's folders, as the client spells them.</param>
    public void Use(LanguageServerOptions next, IEnumerable<string> folders)
    {
        LanguageServerOptions before = Interlocked.Exchange(ref options, next);
        string[] paths = [.. folders.Select(DocumentPath.Of).OfType<string>()];
        bool isSame = before.Exclude == next.Exclude && before.Context == next.Context && paths.SequenceEqual(exclusions.Folders);
        if (!isSame)
        {
            exclusions.Use(next.Exclude, paths);
            Rescan();
        }
    }

    /// <summary>Looks at the workspace; the first settings are known now.</summary>
    public void Start()
    {
        Volatile.Write(ref started, true);
        Rescan();
    }

    /// <summary>Takes note of files that were made, changed or deleted outside the editor, or saved in it.</summary>
    /// <param name="uris">Their names.</param>
    public void FilesChanged(IReadOnlyCollection<string> uris)
    {
        string[] paths = [.. uris.Select(DocumentPath.Of).OfType<string>()];
        if (paths.Length > ManyFiles || paths.Any(path => Path.GetFileName(path) == IgnoreFile))
        {
            exclusions.Refresh();
            Rescan();
            return;
        }
        foreach (string path in paths)
        {
            indexer.Reread(path);
        }
    }

    /// <summary>Why a document is excluded; null when it is not.</summary>
    public Silence? Refuse(string uri) => exclusions.Refuse(uri);

    /// <summary>Takes note that the cursor is somewhere.</summary>
    public void Visited(DocumentSnapshot snapshot, int cursor) => regions.Visited(snapshot, cursor);

    /// <summary>Pieces of other files that help at a cursor, the best first.</summary>
    public IReadOnlyList<ContextSnippet> Snippets(DocumentSnapshot snapshot, int cursor) => source.Snippets(snapshot, cursor);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => indexer.DisposeAsync();

    private void Rescan()
    {
        if (Volatile.Read(ref started))
        {
            indexer.Rescan();
        }
    }
}
