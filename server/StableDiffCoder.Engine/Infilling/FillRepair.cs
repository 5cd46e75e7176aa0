using System.Runtime.CompilerServices;

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
/// Mends a fill that breaks its document's syntax by masking the tokens around the first error again (<see cref="RepairWindow"/>): what stands before and
/// behind them stays. A fill with fewer errors takes its place.
/// </summary>
public static class FillRepair
{
    /// <summary>The largest accepted number of rounds.</summary>
    public const int MostRounds = 8;

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
        InfilledSpan best = fill;
        IAsyncEnumerable<InfilledSpan> mended = RoundsAsync(engine, request, fill, errorsOf, progress, cancellationToken).Take(rounds);
        await foreach (InfilledSpan better in mended.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            best = better;
        }
        return best;
    }

    /// <summary>Mends for as long as somebody asks for another round.</summary>
    /// <param name="engine">The engine that made the fill.</param>
    /// <param name="request">The request of the fill: one span, the text around it as the fill has it.</param>
    /// <param name="fill">Its answer.</param>
    /// <param name="errorsOf">Offsets of a text's syntax errors, in order.</param>
    /// <param name="progress">Receives the canvas after each forward; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked between forwards.</param>
    /// <returns>After each round the fill with the fewest errors so far, with the forwards of all; ends when there is nothing more to try.</returns>
    public static async IAsyncEnumerable<InfilledSpan> RoundsAsync(
        IInfillEngine engine,
        InfillRequest request,
        InfilledSpan fill,
        Func<string, IReadOnlyList<int>> errorsOf,
        IProgress<InfillCanvas>? progress,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        TextSpan span = fill.Span;
        string without = string.Concat(request.Text.AsSpan(0, span.Start), request.Text.AsSpan(span.End));
        IReadOnlyList<int> ownErrors = errorsOf(without);
        InfilledSpan best = fill;
        FillFault? fault = FaultOf(fill.Text);
        var tried = new HashSet<RepairWindow>();
        while (fault is FillFault present && RepairWindow.Of(best, present.Offset, tried) is RepairWindow window)
        {
            InfilledSpan other = await window.DenoiseAsync(engine, request, best, progress, cancellationToken).ConfigureAwait(false);
            int forwards = best.Forwards + other.Forwards;
            FillFault? otherFault = FaultOf(other.Text);
            if ((otherFault?.Errors ?? 0) < present.Errors)
            {
                (best, fault) = (other, otherFault);
                tried.Clear();
            }
            best = best with { Forwards = forwards };
            yield return best;
        }

        FillFault? FaultOf(string text)
        {
            string with = without.Insert(span.Start, text);
            return FillFault.Of(span.Start, text.Length, errorsOf(with), with.Length, ownErrors, without.Length);
        }
    }
}
