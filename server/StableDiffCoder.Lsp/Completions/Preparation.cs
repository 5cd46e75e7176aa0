using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Requests;

namespace StableDiffCoder.Lsp.Completions;

/// <summary>
/// The next completion, begun as soon as one is accepted: the client will ask for it in a moment. It counts as a request for its document, so
/// any newer one but the one it waits for ends it.
/// </summary>
internal sealed class Preparation(NewestRequest newest)
{
    private readonly Lock gate = new();
    private Prepared? latest;

    /// <summary>Begins.</summary>
    /// <param name="place">Where the cursor will be.</param>
    /// <param name="engine">The model.</param>
    public void Begin(CompletionPlace place, IInfillEngine engine)
    {
        NewestRequest.Turn turn = newest.Begin(place.Snapshot.Uri, place.Snapshot.Stale);
        Task<CompletionResult> work = Task.Run(() => RunAsync(place, engine, turn));
        // Nobody may come for it; its failure is then nobody's.
        _ = work.ContinueWith(
            failed => failed.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted,
            TaskScheduler.Default
        );
        lock (gate)
        {
            latest = new Prepared(place, work);
        }
    }

    /// <summary>The work begun for a place, finished or not; null when there is none, or it was ended. Given once.</summary>
    public Task<CompletionResult>? Take(CompletionPlace place)
    {
        lock (gate)
        {
            bool fits =
                latest is { Work: { IsCanceled: false, IsFaulted: false } }
                && ReferenceEquals(latest.Place.Snapshot, place.Snapshot)
                && latest.Place.Cursor == place.Cursor
                && !place.Invoked
                && !place.HasSelection;
            Task<CompletionResult>? work = fits ? latest!.Work : null;
            latest = fits ? null : latest;
            return work;
        }
    }

    private static async Task<CompletionResult> RunAsync(CompletionPlace place, IInfillEngine engine, NewestRequest.Turn turn)
    {
        using (turn)
        {
            return await Completer.CompleteAsync(place, engine, turn.Token);
        }
    }

    private sealed record Prepared(CompletionPlace Place, Task<CompletionResult> Work);
}
