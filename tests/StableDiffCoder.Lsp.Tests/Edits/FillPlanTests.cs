using CsCheck;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Edits;

namespace StableDiffCoder.Lsp.Tests.Edits;

public sealed class FillPlanTests
{
    private const string Text = "0123456789abcdefghij";

    private static readonly Gen<int[]> Cuts = Gen.Int[0, Text.Length].Array[4, 10];

    [Fact]
    public void Join_AnySpansAndPins_KeepsPinnedTextAndFillsTheRest() =>
        Gen.Select(Cuts, Gen.Int)
            .Sample(
                (cuts, seed) =>
                {
                    // Four neighbours of sorted cuts make a span with a pinned piece in it.
                    Array.Sort(cuts);
                    var spans = new List<TextSpan>();
                    var pinned = new List<TextSpan>();
                    for (int i = 0; i + 3 < cuts.Length; i += 4)
                    {
                        spans.Add(new TextSpan(cuts[i], cuts[i + 3] - cuts[i]));
                        pinned.Add(new TextSpan(cuts[i + 1], cuts[i + 2] - cuts[i + 1]));
                    }
                    if (seed % 2 == 0)
                    {
                        spans.Reverse();
                    }
                    var plan = new FillPlan(Text, spans, pinned);
                    Assert.Equal(plan.Holes.OrderBy(hole => hole.Start), plan.Holes);
                    IReadOnlyList<FilledSpan> filled = plan.Join([.. plan.Holes.Select(Fill)], fill => fill.Text);
                    Assert.Equal(spans, filled.Select(span => span.Span));
                    string expected = Text;
                    foreach (TextSpan hole in plan.Holes.Reverse())
                    {
                        Assert.DoesNotContain(pinned, piece => piece.Length > 0 && hole.Start < piece.End && piece.Start < hole.End);
                        expected = expected[..hole.Start] + "<>" + expected[hole.End..];
                    }
                    string joined = Text;
                    foreach (
                        FilledSpan span in filled.OrderByDescending(span => span.Span.Start).ThenByDescending(span => span.Span.Length)
                    )
                    {
                        joined = joined[..span.Span.Start] + span.NewText + joined[span.Span.End..];
                    }
                    Assert.Equal(expected, joined);
                }
            );

    [Fact]
    public void Join_Canvas_MovesTheMasks()
    {
        var plan = new FillPlan(Text, [new TextSpan(12, 0), new TextSpan(2, 6)], [new TextSpan(4, 2)]);
        var canvas = new InfillCanvas { Step = 1, Spans = [Span("x▒", 1), Span("▒y", 0), Span("z", -1)] };
        IReadOnlyList<CanvasSpan> spans = plan.Join(canvas);
        Assert.Equal(["z", "x▒45▒y"], spans.Select(span => span.Text));
        Assert.Equal([new TextSpan(1, 1), new TextSpan(4, 1)], spans[1].Masked);
        Assert.Empty(spans[0].Masked);
    }

    [Fact]
    public void FillPlan_WrongPins_AreRefused()
    {
        TextSpan[] spans = [new TextSpan(2, 6)];
        Assert.Throws<ArgumentException>(() => new FillPlan(Text, spans, [new TextSpan(1, 3)]));
        Assert.Throws<ArgumentException>(() => new FillPlan(Text, spans, [new TextSpan(2, 3), new TextSpan(4, 1)]));
        Assert.Empty(new FillPlan(Text, spans, [new TextSpan(2, 3), new TextSpan(5, 3)]).Holes);
    }

    private static CanvasSpan Span(string text, int masked) =>
        new()
        {
            Text = text,
            Masked = masked < 0 ? [] : [new TextSpan(masked, 1)],
            Confidence = 0.5,
        };

    private static InfilledSpan Fill(TextSpan span) =>
        new()
        {
            Span = span,
            Text = "<>",
            Tokens = 1,
            Forwards = 1,
            Stop = InfillStop.Eos,
        };
}
