using StableDiffCoder.Lsp.Documents;

namespace StableDiffCoder.Lsp.Completions;

/// <summary>An answer that was given, and what has become of it.</summary>
/// <param name="id">Its number.</param>
/// <param name="snapshot">The document it was for.</param>
/// <param name="invoked">Whether the user asked.</param>
/// <param name="candidates">At least one.</param>
internal sealed class Offer(long id, DocumentSnapshot snapshot, bool invoked, IReadOnlyList<CompletionCandidate> candidates)
{
    public long Id { get; } = id;

    public string Uri { get; } = snapshot.Uri;

    public string Text { get; } = snapshot.Text;

    public bool Invoked { get; } = invoked;

    public IReadOnlyList<CompletionCandidate> Candidates { get; } = candidates;

    /// <summary>Neither accepted nor abandoned.</summary>
    public bool IsOpen { get; set; } = true;
}

/// <summary>
/// The last offers. While a user types what was offered, the rest of it is the answer and no model is asked. Follows the documents, and tells the
/// journal which offers were accepted and which abandoned.
/// </summary>
internal sealed class OfferBook(ICompletionJournal journal)
{
    // An offer holds its document's text, which it usually shares with others; this much of it altogether, in UTF-16 units.
    private const long MostText = 1 << 24;

    private readonly Lock gate = new();
    private readonly List<Offer> offers = []; // oldest first
    private long lastId;

    /// <summary>Raised when a document has the whole text of an offer: the document, and the offset behind that text.</summary>
    public event Action<DocumentSnapshot, int>? TextAccepted;

    /// <summary>Enters an offer and tells the journal.</summary>
    /// <param name="place">Where it was made.</param>
    /// <param name="candidates">At least one.</param>
    /// <param name="elapsed">From the request to the answer.</param>
    /// <param name="prepared">Whether it was prepared ahead.</param>
    public Offer Add(CompletionPlace place, IReadOnlyList<CompletionCandidate> candidates, TimeSpan elapsed, bool prepared = false)
    {
        Offer offer;
        lock (gate)
        {
            offer = new Offer(++lastId, place.Snapshot, place.Invoked, candidates);
            journal.Offered(
                new CompletionOffer
                {
                    Id = offer.Id,
                    Uri = offer.Uri,
                    Invoked = offer.Invoked,
                    Items = candidates.Count,
                    Prepared = prepared,
                    Confidence = candidates[0].Confidence,
                    Tokens = candidates[0].Tokens,
                    Elapsed = elapsed,
                    Fired = candidates[0].Fired,
                }
            );
            offers.Add(offer);
            Forget(place.Inline.KeptOffers);
        }
        return offer;
    }

    /// <summary>What is left of an earlier offer at a place; null when there is none and the model must be asked.</summary>
    /// <remarks>One that was abandoned or accepted before, and fits again after an undo, is offered anew.</remarks>
    public (Offer Offer, IReadOnlyList<CompletionCandidate> Left)? Continue(CompletionPlace place)
    {
        if (place.HasSelection)
        {
            return null;
        }
        lock (gate)
        {
            for (int i = offers.Count - 1; i >= 0; i--)
            {
                Offer offer = offers[i];
                // Who asks wants a choice, which an offer of one is not.
                bool fits = offer.Uri == place.Snapshot.Uri && (offer.Invoked || !place.Invoked);
                CompletionCandidate[] left = fits
                    ? [.. offer.Candidates.Select(candidate => Left(offer, candidate, place)).OfType<CompletionCandidate>()]
                    : [];
                if (left.Length > 0)
                {
                    IReadOnlyList<CompletionCandidate> shown = place.Invoked ? left : left[..1];
                    return (offer.IsOpen ? offer : Add(place, shown, TimeSpan.Zero), shown);
                }
            }
        }
        return null;
    }

    /// <summary>Takes note of a document's new version.</summary>
    public void Changed(DocumentSnapshot snapshot)
    {
        int? end = null;
        lock (gate)
        {
            foreach (Offer offer in offers.Where(offer => offer.IsOpen && offer.Uri == snapshot.Uri))
            {
                if (offer.Candidates.FirstOrDefault(candidate => TypedThrough.IsDone(offer.Text, candidate, snapshot.Text)) is { } done)
                {
                    offer.IsOpen = false;
                    journal.Accepted(offer.Id, Acceptance.Text);
                    end = done.Range.Start + done.NewText.Length;
                }
                else if (!offer.Candidates.Any(candidate => TypedThrough.IsUnderWay(offer.Text, candidate, snapshot.Text)))
                {
                    Abandon(offer);
                }
            }
        }
        if (end is int accepted)
        {
            TextAccepted?.Invoke(snapshot, accepted);
        }
    }

    /// <summary>Takes note that a document was closed or is out of step.</summary>
    public void Closed(string uri)
    {
        lock (gate)
        {
            foreach (Offer offer in offers.Where(offer => offer.IsOpen && offer.Uri == uri))
            {
                Abandon(offer);
            }
            offers.RemoveAll(offer => offer.Uri == uri);
        }
    }

    /// <summary>Takes note that the client ran an offer's command. An offer that is closed or forgotten stays as it is.</summary>
    public void CommandRan(long id)
    {
        lock (gate)
        {
            if (offers.Find(offer => offer.Id == id) is { IsOpen: true } offer)
            {
                offer.IsOpen = false;
                journal.Accepted(id, Acceptance.Command);
            }
        }
    }

    private static CompletionCandidate? Left(Offer offer, CompletionCandidate candidate, CompletionPlace place) =>
        TypedThrough.At(offer.Text, candidate, place.Snapshot.Text, place.Cursor) is TypedThrough through
            ? candidate with
            {
                Range = new(place.Cursor, through.Behind),
                NewText = candidate.NewText[through.Typed..],
            }
            : null;

    private void Abandon(Offer offer)
    {
        offer.IsOpen = false;
        journal.Abandoned(offer.Id);
    }

    private void Forget(int most)
    {
        while (
            offers.Count > 1
            && (
                offers.Count > most
                || offers.Select(offer => offer.Text).Distinct(ReferenceEqualityComparer.Instance).Sum(text => (long)((string)text!).Length)
                    > MostText
            )
        )
        {
            if (offers[0].IsOpen)
            {
                Abandon(offers[0]);
            }
            offers.RemoveAt(0);
        }
    }
}
