using StableDiffCoder.Lsp.Completions;

namespace StableDiffCoder.Lsp.Statistics;

/// <summary>One decision of inline completion.</summary>
/// <param name="Time">When.</param>
/// <param name="Offer">What was offered; null when nothing was.</param>
/// <param name="Silence">Why nothing was; null when something was.</param>
internal sealed record Decision(DateTimeOffset Time, CompletionOffer? Offer, CompletionSilence? Silence);

/// <summary>
/// Counts what becomes of suggestions, and remembers the last decisions, so that it can be told why there was none. "Shown" is not counted: no
/// client tells it.
/// </summary>
internal sealed class CompletionStatistics(TimeProvider time) : ICompletionJournal
{
    private const int MostDecisions = 50;

    private readonly Lock gate = new();
    private readonly Queue<Decision> decisions = new();
    private readonly Dictionary<DateOnly, DayCounts> unsaved = [];
    private DayCounts session = new() { Date = DateOnly.FromDateTime(time.GetLocalNow().DateTime) };

    /// <value>Counts of this session.</value>
    public DayCounts Session
    {
        get
        {
            lock (gate)
            {
                return session;
            }
        }
    }

    /// <value>The last decisions, newest first.</value>
    public IReadOnlyList<Decision> Decisions
    {
        get
        {
            lock (gate)
            {
                return [.. decisions.Reverse()];
            }
        }
    }

    /// <inheritdoc/>
    public void Offered(CompletionOffer offer) => Count(day => day with { Offered = 1 }, new Decision(time.GetUtcNow(), offer, null));

    /// <inheritdoc/>
    public void Accepted(long id, Acceptance how) =>
        Count(day => how == Acceptance.Command ? day with { AcceptedByCommand = 1 } : day with { AcceptedByText = 1 });

    /// <inheritdoc/>
    public void Abandoned(long id) => Count(day => day with { Abandoned = 1 });

    /// <inheritdoc/>
    public void Silenced(CompletionSilence silence) =>
        Count(
            day => day with { Silenced = new Dictionary<string, int> { [silence.Why.Rule] = 1 } },
            new Decision(time.GetUtcNow(), null, silence)
        );

    /// <summary>Takes the counts since the last call, to be kept elsewhere.</summary>
    public IReadOnlyList<DayCounts> TakeUnsaved()
    {
        lock (gate)
        {
            DayCounts[] taken = [.. unsaved.Values];
            unsaved.Clear();
            return taken;
        }
    }

    /// <summary>Forgets all counts and decisions.</summary>
    public void Clear()
    {
        lock (gate)
        {
            session = new DayCounts { Date = session.Date };
            unsaved.Clear();
            decisions.Clear();
        }
    }

    private void Count(Func<DayCounts, DayCounts> one, Decision? decision = null)
    {
        DateOnly today = DateOnly.FromDateTime(time.GetLocalNow().DateTime);
        DayCounts added = one(new DayCounts { Date = today });
        lock (gate)
        {
            session = session.Plus(added);
            unsaved[today] = unsaved.TryGetValue(today, out DayCounts? before) ? before.Plus(added) : added;
            if (decision is not null)
            {
                decisions.Enqueue(decision);
                if (decisions.Count > MostDecisions)
                {
                    decisions.Dequeue();
                }
            }
        }
    }
}
