using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Editing;

namespace StableDiffCoder.Lsp.Completions;

/// <summary>
/// Asks the model and makes candidates of its answers. Unasked there is one, or none when the model is not sure enough; when the user asked,
/// branches of the first text are tried until there are as many distinct ones as wanted.
/// </summary>
internal static class Completer
{
    // Branches may come to the same edit; this many for each candidate wanted, then it is enough.
    private const int BranchesPerCandidate = 2;

    /// <summary>What a place gets.</summary>
    /// <exception cref="OperationCanceledException">Cancelled between two steps.</exception>
    public static async Task<CompletionResult> CompleteAsync(
        CompletionPlace place,
        IInfillEngine engine,
        CancellationToken cancellationToken
    )
    {
        if (place.Problem is Silence problem)
        {
            return CompletionResult.Silent(problem, [problem.Rule]);
        }
        if (EditingPipeline.Inline.Refuse(place.Context) is Silence refusal)
        {
            return CompletionResult.Silent(refusal, [refusal.Rule]);
        }
        InfillRequest request = place.Request;
        InfilledSpan first = await FillAsync(place, engine, request, cancellationToken);
        CompletionResult result = Judge(place, first);
        return place.Invoked && place.Inline.Candidates > 1
            ? await AddBranchesAsync(place, engine, request, first, result, cancellationToken)
            : result;
    }

    private static async Task<CompletionResult> AddBranchesAsync(
        CompletionPlace place,
        IInfillEngine engine,
        InfillRequest request,
        InfilledSpan first,
        CompletionResult result,
        CancellationToken cancellationToken
    )
    {
        var tree = new CandidateTree();
        List<CompletionCandidate> found = [.. result.Candidates];
        tree.Add(first.Choices, Length(first, result));
        for (int tried = 0; found.Count < place.Inline.Candidates && tried < BranchesPerCandidate * place.Inline.Candidates; tried++)
        {
            // Who asks gets the best there is, even where the model is sure that nothing belongs there.
            if (tree.Next(whatever: found.Count == 0) is not InfillBranch branch)
            {
                break;
            }
            InfilledSpan other = await FillAsync(place, engine, request with { Branch = branch }, cancellationToken);
            CompletionResult judged = Judge(place, other);
            tree.Add(other.Choices, Length(other, judged));
            found.AddRange(judged.Candidates.Where(candidate => !found.Exists(known => IsSame(known, candidate))));
        }
        return found.Count == 0 ? result : new CompletionResult { Candidates = found };
    }

    // A silent text is branched off anywhere, its end included; of a shown one only what is shown matters.
    private static int Length(InfilledSpan span, CompletionResult judged) =>
        judged.Candidates is [CompletionCandidate shown] ? CompletionConfidence.VisibleTokens(span, shown.NewText) : span.Choices.Count;

    private static bool IsSame(CompletionCandidate one, CompletionCandidate other) =>
        NearText.WithoutWhitespace(one.NewText) == NearText.WithoutWhitespace(other.NewText);

    /// <summary>What the model writes at a place.</summary>
    internal static async Task<InfilledSpan> FillAsync(
        CompletionPlace place,
        IInfillEngine engine,
        InfillRequest request,
        CancellationToken cancellationToken
    )
    {
        if (place.Context.Shape.Kind == ShapeKind.Line)
        {
            return (await engine.InfillAsync(request, null, cancellationToken)).Spans[0];
        }
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var enough = new EnoughText(place.Context.Shape, request.Spans[0], stop);
        try
        {
            return (await engine.InfillAsync(request, enough, stop.Token)).Spans[0];
        }
        catch (OperationCanceledException) when (enough.Found is not null && !cancellationToken.IsCancellationRequested)
        {
            return enough.Found;
        }
    }

    /// <summary>What becomes of what the model wrote: one candidate, or silence.</summary>
    /// <param name="place">Where it goes.</param>
    /// <param name="span">What the model wrote.</param>
    /// <param name="rules">The editing rules; null for those of inline completion.</param>
    internal static CompletionResult Judge(CompletionPlace place, InfilledSpan span, EditingPipeline? rules = null)
    {
        bool cutShort = span.Stop is InfillStop.Length or InfillStop.Deadline;
        EditOutcome edit = (rules ?? EditingPipeline.Inline).Apply(place.Context, span.Text, cutShort);
        if (edit.Silence is Silence silence)
        {
            return CompletionResult.Silent(silence, edit.Fired);
        }
        double confidence = CompletionConfidence.Of(span, edit.NewText);
        double least = 1 - place.Inline.Eagerness;
        if (!place.Invoked && confidence < least)
        {
            return CompletionResult.Silent(
                new Silence("Eagerness", $"the model is sure to {confidence:0.00}; {least:0.00} is asked for"),
                [.. edit.Fired, "Eagerness"]
            );
        }
        (TextSpan range, string text) = place.ToDocument(edit);
        var candidate = new CompletionCandidate
        {
            Range = range,
            NewText = text,
            Confidence = confidence,
            Tokens = span.Tokens,
            Fired = edit.Fired,
        };
        return new CompletionResult { Candidates = [candidate] };
    }
}
