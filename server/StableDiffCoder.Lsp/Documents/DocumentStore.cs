using System.Collections.Concurrent;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Documents;

/// <summary>
/// The open documents. Written by mutating requests only, one at a time; read by anyone. A document that missed a change is out of step: nobody
/// can read it until the client sends its whole text again, since an edit for another text would be a wrong edit.
/// </summary>
internal sealed class DocumentStore
{
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);

    /// <summary>Raised in a mutating request's turn, when a document was opened.</summary>
    public event Action<DocumentSnapshot>? Opened;

    /// <summary>Raised in a mutating request's turn, when an open document has a new text.</summary>
    public event Action<DocumentSnapshot>? Changed;

    /// <summary>Raised in a mutating request's turn, when a document was closed or is out of step: its name.</summary>
    public event Action<string>? Gone;

    /// <value>Number of open documents.</value>
    public int Count => entries.Count;

    /// <value>The names of the open documents.</value>
    public IReadOnlyCollection<string> Uris => [.. entries.Keys];

    /// <summary>The present version of a document, or null when it is not open or out of step.</summary>
    public DocumentSnapshot? Find(string uri) =>
        entries.TryGetValue(uri, out Entry? entry) && entry.Problem is null ? entry.Snapshot : null;

    /// <summary>Why a document is out of step; null when it is not, or not open.</summary>
    public string? ProblemOf(string uri) => entries.GetValueOrDefault(uri)?.Problem;

    /// <summary>Opens a document; one that is open already is replaced.</summary>
    public void Open(TextDocumentItem item) => Replace(item.Uri, item.LanguageId, item.Version, item.Text);

    /// <summary>Changes a document. A change that brings the whole text is always applied.</summary>
    public ChangeOutcome Change(DidChangeTextDocumentParams change)
    {
        if (!entries.TryGetValue(change.TextDocument.Uri, out Entry? old))
        {
            return ChangeOutcome.NotOpen;
        }
        (DocumentSnapshot before, int version) = (old.Snapshot, change.TextDocument.Version);
        bool isWhole = change.ContentChanges.Any(part => part.Range is null);
        if (!isWhole && old.Problem is not null)
        {
            return ChangeOutcome.StillOutOfStep;
        }
        if (!isWhole && version < before.Version)
        {
            Lose(before.Uri, $"a change brings it from version {before.Version} back to {version}");
            return ChangeOutcome.OutOfStep;
        }
        Replace(before.Uri, before.LanguageId, version, DocumentSnapshot.Apply(before.Text, change.ContentChanges));
        return ChangeOutcome.Applied;
    }

    /// <summary>Notes that a change of a document was lost.</summary>
    /// <returns>False when it is not open or was out of step before.</returns>
    public bool Lose(string uri, string problem)
    {
        if (!entries.TryGetValue(uri, out Entry? entry) || entry.Problem is not null)
        {
            return false;
        }
        entries[uri] = entry with { Problem = problem };
        entry.Stale.CancelAsync();
        Gone?.Invoke(uri);
        return true;
    }

    /// <summary>Closes a document.</summary>
    /// <returns>False when it is not open.</returns>
    public bool Close(string uri)
    {
        bool wasOpen = entries.TryRemove(uri, out Entry? entry);
        entry?.Stale.CancelAsync();
        if (wasOpen)
        {
            Gone?.Invoke(uri);
        }
        return wasOpen;
    }

    private void Replace(string uri, string languageId, int version, string text)
    {
        var stale = new CancellationTokenSource();
        var entry = new Entry(new DocumentSnapshot(uri, languageId, version, text, stale.Token), stale, Problem: null);
        Entry? old = entries.GetValueOrDefault(uri);
        entries[uri] = entry;
        old?.Stale.CancelAsync();
        (old is null ? Opened : Changed)?.Invoke(entry.Snapshot);
    }

    private sealed record Entry(DocumentSnapshot Snapshot, CancellationTokenSource Stale, string? Problem);
}
