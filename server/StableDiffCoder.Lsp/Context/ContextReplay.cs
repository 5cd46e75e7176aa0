using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Context;

/// <summary>What the server would show the model of other files, without a client and without a disk: for measurements.</summary>
public sealed class ContextReplay
{
    private const string Root = "/replayed/";

    private readonly SymbolIndex index = new();
    private readonly DocumentStore documents = new();
    private readonly IReadOnlyDictionary<string, string> files;
    private readonly ContextSource source;

    /// <summary>A workspace of C# files.</summary>
    /// <param name="files">Paths with slashes below the workspace's folder, and texts. The file of the cursor may be among them.</param>
    /// <param name="options">How much is shown.</param>
    public ContextReplay(IReadOnlyDictionary<string, string> files, ContextOptions options)
    {
        this.files = files;
        var exclusions = new Exclusions();
        exclusions.Use(new ExclusionOptions { GitIgnored = false }, [Path.GetFullPath(Root)]);
        foreach ((string path, string text) in files)
        {
            index.Set(PathOf(path), SymbolReader.Read(text, CancellationToken.None));
        }
        source = new ContextSource(index, new RecentRegions(), documents, exclusions, () => options);
    }

    /// <summary>The pieces, the best first.</summary>
    /// <param name="path">The file of the cursor.</param>
    /// <param name="text">Its text as it is now: what the index knows of the path is not used.</param>
    /// <param name="cursor">Offset of the cursor.</param>
    /// <param name="open">Paths of the other files that are open in the editor.</param>
    public IReadOnlyList<ContextSnippet> Snippets(string path, string text, int cursor, IEnumerable<string> open)
    {
        source.Refreshed(paths: null);
        foreach (string uri in documents.Uris)
        {
            documents.Close(uri);
        }
        foreach (string other in open)
        {
            documents.Open(
                new TextDocumentItem
                {
                    Uri = UriOf(other),
                    LanguageId = "csharp",
                    Version = 1,
                    Text = files[other],
                }
            );
        }
        return source.Snippets(new DocumentSnapshot(UriOf(path), "csharp", 1, text, CancellationToken.None), cursor);
    }

    private static string PathOf(string path) => Path.GetFullPath(Root + path);

    private static string UriOf(string path) => new Uri(PathOf(path)).AbsoluteUri;
}
