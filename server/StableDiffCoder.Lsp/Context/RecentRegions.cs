using StableDiffCoder.Lsp.Documents;

namespace StableDiffCoder.Lsp.Context;

/// <summary>A place of recent work, as it was then.</summary>
/// <param name="Uri">Its document.</param>
/// <param name="LanguageId">Its language.</param>
/// <param name="Window">The lines.</param>
/// <param name="Edited">Whether it was changed; else the cursor was there.</param>
internal sealed record RecentRegion(string Uri, string LanguageId, CodeWindow Window, bool Edited);

/// <summary>The places where somebody typed or had the cursor last, over all documents, closed ones too. Any thread may ask.</summary>
internal sealed class RecentRegions
{
    private const int Most = 24;

    private readonly Lock gate = new();
    private readonly LinkedList<RecentRegion> regions = [];
    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);

    /// <value>The newest first.</value>
    public IReadOnlyList<RecentRegion> All
    {
        get
        {
            lock (gate)
            {
                return [.. regions];
            }
        }
    }

    /// <summary>Takes note of a document that was opened.</summary>
    public void Opened(DocumentSnapshot snapshot)
    {
        lock (gate)
        {
            texts[snapshot.Uri] = snapshot.Text;
        }
    }

    /// <summary>Takes note of a change: where the text first differs from the one before.</summary>
    public void Changed(DocumentSnapshot snapshot)
    {
        string? before;
        lock (gate)
        {
            before = texts.GetValueOrDefault(snapshot.Uri);
            texts[snapshot.Uri] = snapshot.Text;
        }
        if (before is not null)
        {
            Add(snapshot, before.AsSpan().CommonPrefixLength(snapshot.Text), edited: true);
        }
    }

    /// <summary>Takes note that the cursor was somewhere.</summary>
    public void Visited(DocumentSnapshot snapshot, int cursor) => Add(snapshot, cursor, edited: false);

    /// <summary>Forgets a document's text, not its places.</summary>
    public void Closed(string uri)
    {
        lock (gate)
        {
            texts.Remove(uri);
        }
    }

    // A region that overlaps an earlier one of its document takes its place.
    private void Add(DocumentSnapshot snapshot, int offset, bool edited)
    {
        int first = Math.Max(0, snapshot.Lines.LineOf(offset) - (CodeWindows.Lines / 2));
        if (CodeWindows.At(snapshot, first) is not CodeWindow window)
        {
            return;
        }
        lock (gate)
        {
            for (LinkedListNode<RecentRegion>? node = regions.First, next; node is not null; node = next)
            {
                next = node.Next;
                RecentRegion old = node.Value;
                if (old.Uri == snapshot.Uri && Math.Abs(old.Window.Line - first) < CodeWindows.Lines)
                {
                    edited |= old.Edited;
                    regions.Remove(node);
                }
            }
            regions.AddFirst(new RecentRegion(snapshot.Uri, snapshot.LanguageId, window, edited));
            if (regions.Count > Most)
            {
                regions.RemoveLast();
            }
        }
    }
}
