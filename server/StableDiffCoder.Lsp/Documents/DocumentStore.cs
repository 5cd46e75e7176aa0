using System.Collections.Concurrent;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Documents;

/// <summary>The open documents. Written by mutating requests only, one at a time; read by anyone.</summary>
internal sealed class DocumentStore
{
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <summary>The present version of a document, or null when it is not open.</summary>
    public DocumentSnapshot? Find(string uri) => entries.TryGetValue(uri, out Entry? entry) ? entry.Snapshot : null;

    /// <summary>Opens a document; one that is open already is replaced.</summary>
    public void Open(TextDocumentItem item) => Replace(item.Uri, item.LanguageId, item.Version, item.Text);

    /// <summary>Changes a document.</summary>
    /// <returns>False when it is not open.</returns>
    public bool Change(DidChangeTextDocumentParams change)
    {
        DocumentSnapshot? old = Find(change.TextDocument.Uri);
        if (old is null)
        {
            return false;
        }
        string text = DocumentSnapshot.Apply(old.Text, change.ContentChanges);
        Replace(old.Uri, old.LanguageId, change.TextDocument.Version, text);
        return true;
    }

    /// <summary>Closes a document.</summary>
    /// <returns>False when it is not open.</returns>
    public bool Close(string uri)
    {
        bool wasOpen = entries.TryRemove(uri, out Entry? entry);
        entry?.Stale.CancelAsync();
        return wasOpen;
    }

    private void Replace(string uri, string languageId, int version, string text)
    {
        var stale = new CancellationTokenSource();
        var entry = new Entry(new DocumentSnapshot(uri, languageId, version, text, stale.Token), stale);
        Entry? old = entries.GetValueOrDefault(uri);
        entries[uri] = entry;
        old?.Stale.CancelAsync();
    }

    private sealed record Entry(DocumentSnapshot Snapshot, CancellationTokenSource Stale);
}
