using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.CSharp;
using StableDiffCoder.Lsp.Documents;

namespace StableDiffCoder.Lsp.Edits;

/// <summary>Mends fills of C# that break the syntax of their document, one after another, each in view of the others.</summary>
/// <param name="engine">The engine that made them.</param>
/// <param name="snapshot">The document.</param>
/// <param name="filled">The request that they answer.</param>
/// <param name="rounds">Most generations for each.</param>
internal sealed class FillMender(IInfillEngine engine, DocumentSnapshot snapshot, InfillRequest filled, int rounds)
{
    /// <summary>Mends.</summary>
    /// <param name="fills">In the order of the document.</param>
    /// <param name="observe">What looks on, asked anew for each generation; null when nobody does.</param>
    /// <param name="cancellationToken">Checked between forwards.</param>
    /// <returns>The fills, better ones in the place of some.</returns>
    public async Task<IReadOnlyList<InfilledSpan>> MendAsync(
        IReadOnlyList<InfilledSpan> fills,
        Func<IProgress<InfillCanvas>>? observe,
        CancellationToken cancellationToken
    )
    {
        if (rounds == 0 || CSharpText.Of(snapshot) is not CSharpText code)
        {
            return fills;
        }
        CSharpReading reading = code.ReadingOf(Filled(fills));
        InfilledSpan[] mended = [.. fills];
        for (int i = 0; i < mended.Length; i++)
        {
            (string text, TextSpan place) = WithOthers(mended, i);
            InfillRequest request = filled with { Text = text, Spans = [place] };
            IProgress<InfillCanvas>? progress = observe is null ? null : new OneOfSeveral(mended, i, observe);
            InfilledSpan better = await FillRepair.RunAsync(
                engine,
                request,
                mended[i] with
                {
                    Span = place,
                },
                reading.Errors,
                rounds,
                progress,
                cancellationToken
            );
            mended[i] = better with { Span = mended[i].Span };
        }
        return mended;
    }

    private string Filled(IReadOnlyList<InfilledSpan> fills) =>
        fills
            .Reverse()
            .Aggregate(
                snapshot.Text,
                (text, fill) => string.Concat(text.AsSpan(0, fill.Span.Start), fill.Text, text.AsSpan(fill.Span.End))
            );

    // The document with all fills but one, and that one's place in it.
    private (string Text, TextSpan Place) WithOthers(InfilledSpan[] fills, int index)
    {
        string text = snapshot.Text;
        int moved = 0;
        for (int i = fills.Length - 1; i >= 0; i--)
        {
            TextSpan span = fills[i].Span;
            if (i != index)
            {
                text = string.Concat(text.AsSpan(0, span.Start), fills[i].Text, text.AsSpan(span.End));
                moved += i < index ? fills[i].Text.Length - span.Length : 0;
            }
        }
        return (text, fills[index].Span with { Start = fills[index].Span.Start + moved });
    }

    // Shows the canvas of one fill among the others, which are done.
    private sealed class OneOfSeveral(InfilledSpan[] fills, int index, Func<IProgress<InfillCanvas>> observe) : IProgress<InfillCanvas>
    {
        private IProgress<InfillCanvas>? progress;
        private int lastStep;

        public void Report(InfillCanvas value)
        {
            // Each generation counts its forwards from one.
            progress = progress is null || value.Step <= lastStep ? observe() : progress;
            lastStep = value.Step;
            progress.Report(value with { Spans = [.. fills.Select((fill, i) => i == index ? value.Spans[0] : Done(fill))] });
        }

        private static CanvasSpan Done(InfilledSpan fill) =>
            new()
            {
                Text = fill.Text,
                Masked = [],
                Confidence = fill.Confidences.Count == 0 ? 0 : fill.Confidences.Average(),
            };
    }
}
