using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Documents;

/// <summary>One version of one open document. Immutable, so any number of requests may read it while the editor types on.</summary>
internal sealed class DocumentSnapshot
{
    private readonly Lazy<LineMap> lines;

    /// <summary>Creates a version.</summary>
    public DocumentSnapshot(string uri, string languageId, int version, string text, CancellationToken stale)
    {
        Uri = uri;
        LanguageId = languageId;
        Version = version;
        Text = text;
        Stale = stale;
        lines = new Lazy<LineMap>(() => new LineMap(Text));
    }

    /// <value>Its name, as the client spells it.</value>
    public string Uri { get; }

    /// <value>The client's name of its language.</value>
    public string LanguageId { get; }

    /// <value>The client's number of this version.</value>
    public int Version { get; }

    /// <value>The whole text.</value>
    public string Text { get; }

    /// <value>Cancelled as soon as a later version or a close takes this one's place: work on it is in vain then.</value>
    public CancellationToken Stale { get; }

    /// <value>Positions ↔ offsets; computed when first asked for.</value>
    public LineMap Lines => lines.Value;

    /// <summary>Applies edits one after another, each to the text that the one before left.</summary>
    public static string Apply(string text, IEnumerable<TextDocumentContentChange> changes)
    {
        foreach (TextDocumentContentChange change in changes)
        {
            if (change.Range is null)
            {
                text = change.Text;
                continue;
            }
            var span = new LineMap(text).SpanOf(change.Range);
            text = string.Concat(text.AsSpan(0, span.Start), change.Text, text.AsSpan(span.End));
        }
        return text;
    }
}
