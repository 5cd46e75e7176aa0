using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Requests;

namespace StableDiffCoder.Lsp.Completions;

/// <summary>The answer to a request.</summary>
/// <param name="Id">The offer's number; 0 when silent.</param>
/// <param name="Result">Candidates, or silence.</param>
internal readonly record struct InlineAnswer(long Id, CompletionResult Result);

/// <summary>
/// Finds an answer in the cheapest way: what is left of an earlier offer, what was prepared after an acceptance, or the model, which unasked waits
/// for a pause in typing. The newest request for a document ends the one before it.
/// </summary>
internal sealed class InlineCompleter(OfferBook book, TypingPauses pauses, Preparation preparation, NewestRequest newest, TimeProvider time)
{
    /// <summary>Answers.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, or overtaken by the document or a newer request.</exception>
    public async Task<InlineAnswer> AnswerAsync(CompletionPlace place, IInfillEngine engine, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        if (preparation.Take(place) is Task<CompletionResult> prepared)
        {
            CompletionResult ready = await prepared.WaitAsync(cancellationToken);
            return Enter(place, ready, started, prepared: true);
        }
        using NewestRequest.Turn turn = newest.Begin(place.Snapshot.Uri, cancellationToken, place.Snapshot.Stale);
        if (book.Continue(place) is var (offer, left))
        {
            return new InlineAnswer(offer.Id, new CompletionResult { Candidates = left });
        }
        TimeSpan wait = place.Invoked ? TimeSpan.Zero : pauses.Left(place.Snapshot.Uri, place.Inline);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, time, turn.Token);
        }
        CompletionResult result = await Task.Run(() => Completer.CompleteAsync(place, engine, turn.Token), turn.Token);
        turn.Token.ThrowIfCancellationRequested();
        return Enter(place, result, started, prepared: false);
    }

    private InlineAnswer Enter(CompletionPlace place, CompletionResult result, long started, bool prepared) =>
        result.Silence is null
            ? new InlineAnswer(book.Add(place, result.Candidates, time.GetElapsedTime(started), prepared).Id, result)
            : new InlineAnswer(0, result);
}
