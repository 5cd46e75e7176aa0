namespace StableDiffCoder.Engine.Infilling;

/// <summary>What a fill breaks in its document.</summary>
/// <param name="Errors">Syntax errors that are the fill's, at least 1.</param>
/// <param name="Offset">Offset of the first of them from the start of the fill; may lie before or behind it.</param>
public readonly record struct FillFault(int Errors, int Offset)
{
    /// <summary>Compares the errors of a document with a fill and with nothing in its place.</summary>
    /// <param name="start">Where the fill starts.</param>
    /// <param name="length">Its length.</param>
    /// <param name="with">Offsets of the errors with it, in order.</param>
    /// <param name="lengthWith">Length of the document with it.</param>
    /// <param name="without">Offsets of the errors without it. Those right at the place only say that something is missing there.</param>
    /// <param name="lengthWithout">Length of the document without it.</param>
    /// <returns>Null when all errors are the document's own.</returns>
    public static FillFault? Of(
        int start,
        int length,
        IReadOnlyList<int> with,
        int lengthWith,
        IReadOnlyList<int> without,
        int lengthWithout
    )
    {
        // Before the fill offsets stay, behind it distances from the end do.
        var before = without.Where(offset => offset < start).ToHashSet();
        var behind = without.Where(offset => offset > start).Select(offset => lengthWithout - offset).ToHashSet();
        int[] own =
        [
            .. with.Where(offset =>
                offset < start ? !before.Contains(offset) : offset < start + length || !behind.Contains(lengthWith - offset)
            ),
        ];
        return own.Length == 0 ? null : new FillFault(own.Length, own[0] - start);
    }
}

/// <summary>
/// Mends a fill that breaks its document's syntax by masking it again from the most doubtful token near the first error on: what stands before stays, and
/// that token may not come again. A fill with fewer errors takes its place.
/// </summary>
public static class FillRepair
{
    /// <summary>The largest accepted number of rounds.</summary>
    public const int MostRounds = 8;

    private const int TokensBeforeError = 8;

    /// <summary>Mends.</summary>
    /// <param name="engine">The engine that made the fill.</param>
    /// <param name="request">The request of the fill: one span, the text around it as the fill has it.</param>
    /// <param name="fill">Its answer.</param>
    /// <param name="errorsOf">Offsets of a text's syntax errors, in order.</param>
    /// <param name="rounds">Most generations; 0 mends nothing.</param>
    /// <param name="progress">Receives the canvas after each forward; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked between forwards.</param>
    /// <returns>The fill with the fewest errors, with the forwards of all of them.</returns>
    public static async Task<InfilledSpan> RunAsync(
        IInfillEngine engine,
        InfillRequest request,
        InfilledSpan fill,
        Func<string, IReadOnlyList<int>> errorsOf,
        int rounds,
        IProgress<InfillCanvas>? progress,
        CancellationToken cancellationToken
    )
    {
        if (rounds == 0)
        {
            return fill;
        }
        TextSpan span = fill.Span;
        string without = string.Concat(request.Text.AsSpan(0, span.Start), request.Text.AsSpan(span.End));
        IReadOnlyList<int> ownErrors = errorsOf(without);
        InfilledSpan best = fill;
        FillFault? fault = FaultOf(fill.Text);
        var tried = new HashSet<int>();
        for (int round = 0; round < rounds && fault is FillFault present; round++)
        {
            if (Doubtful(best, present.Offset, tried) is not int position)
            {
                break;
            }
            InfillRequest again = request with { Spans = [span], Branch = best.BranchAt(position) };
            InfilledSpan other = (await engine.InfillAsync(again, progress, cancellationToken).ConfigureAwait(false)).Spans[0];
            int forwards = best.Forwards + other.Forwards;
            FillFault? otherFault = FaultOf(other.Text);
            if ((otherFault?.Errors ?? 0) < present.Errors)
            {
                (best, fault) = (other, otherFault);
                tried.Clear();
            }
            best = best with { Forwards = forwards };
        }
        return best;

        FillFault? FaultOf(string text)
        {
            string with = without.Insert(span.Start, text);
            return FillFault.Of(span.Start, text.Length, errorsOf(with), with.Length, ownErrors, without.Length);
        }
    }

    // The least probable of the last tokens up to the error that was not tried before.
    private static int? Doubtful(InfilledSpan fill, int error, HashSet<int> tried)
    {
        int count = fill.Choices.Count;
        int at = Enumerable.Range(0, count).FirstOrDefault(i => fill.Choices[i].End > error, count - 1);
        int[] near = [.. Enumerable.Range(0, at + 1).TakeLast(TokensBeforeError).Where(i => !tried.Contains(i))];
        if (near.Length == 0)
        {
            return null;
        }
        int position = near.OrderBy(i => fill.Choices[i].Confidence).ThenByDescending(i => i).First();
        tried.Add(position);
        return position;
    }
}
