using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Engine.Tests.Infilling;

public sealed class SeveralSpansTests
{
    private const string Text = "first old1 middle old2 last";
    private static readonly TextSpan First = new(6, 4);
    private static readonly TextSpan Second = new(18, 4);
    private static readonly InfillOptions SixTokens = new() { MaxNewTokens = 6 };

    private static Task<InfillEngine> Load(InfillCheckpoint checkpoint) =>
        InfillEngine.LoadAsync(checkpoint.Path, new ModelLoadOptions { Threads = 1, DataType = "float32" }, null, CancellationToken.None);

    private static async Task<InfilledSpan> Fill(InfillEngine engine, string before, string behind)
    {
        var request = new InfillRequest
        {
            Text = before + behind,
            Spans = [new TextSpan(before.Length, 0)],
            Options = SixTokens,
        };
        return (await engine.InfillAsync(request, null, CancellationToken.None)).Spans[0];
    }

    private static Task<InfillResult> FillBoth(InfillEngine engine, IProgress<InfillCanvas>? progress = null) =>
        engine.InfillAsync(
            new InfillRequest
            {
                Text = Text,
                Spans = [First, Second],
                Options = SixTokens,
            },
            progress,
            CancellationToken.None
        );

    [Fact]
    public async Task InfillAsync_SuffixFirst_FillsLeftToRightThenEachAgainWithTheOthersInView()
    {
        using var checkpoint = new InfillCheckpoint();
        await using InfillEngine engine = await Load(checkpoint);
        // The rule, spelled out with one span at a time.
        InfilledSpan a1 = await Fill(engine, "first ", " middle  last");
        InfilledSpan b1 = await Fill(engine, $"first {a1.Text} middle ", " last");
        InfilledSpan a2 = await Fill(engine, "first ", $" middle {b1.Text} last");
        InfilledSpan b2 = await Fill(engine, $"first {a2.Text} middle ", " last");
        IReadOnlyList<InfilledSpan> both = (await FillBoth(engine)).Spans;
        Assert.NotEqual(a1.Text, a2.Text); // else the second pass could be missing
        Assert.Equal([a2.Text, b2.Text], both.Select(fill => fill.Text));
        Assert.Equal([a1.Forwards + a2.Forwards, b1.Forwards + b2.Forwards], both.Select(fill => fill.Forwards));
        Assert.Equal([First, Second], both.Select(fill => fill.Span));
    }

    [Fact]
    public async Task InfillAsync_InPlace_DenoisesAllInOneCanvas()
    {
        using var checkpoint = new InfillCheckpoint(inPlace: true, eosWeight: 0);
        await using InfillEngine engine = await Load(checkpoint);
        var canvases = new List<InfillCanvas>();
        IReadOnlyList<InfilledSpan> both = (await FillBoth(engine, new Recorder<InfillCanvas>(canvases))).Spans;
        int candidates = HoleLengths.Candidates(6).Count;
        int[] lengths = [.. canvases[^1].Spans.Select((_, i) => canvases.Skip(candidates).Max(canvas => Masks(canvas, i)))];
        int forwards = canvases[^1].Step - candidates;
        // One token a forward over both holes; the first forward had revealed one before it was shown.
        Assert.InRange(forwards, lengths.Max() + 1, lengths.Sum() + 1);
        Assert.Equal(canvases.Count, canvases[^1].Step);
        Assert.All(canvases[^1].Spans, span => Assert.Empty(span.Masked));
        for (int i = candidates + 1; i < canvases.Count; i++)
        {
            Assert.Equal(Masks(canvases[i - 1], 0) + Masks(canvases[i - 1], 1) - 1, Masks(canvases[i], 0) + Masks(canvases[i], 1));
        }
        Assert.All(both, fill => Assert.InRange(fill.Forwards, candidates + 1, canvases[^1].Step));
    }

    private static int Masks(InfillCanvas canvas, int span) => canvas.Spans[span].Masked.Sum(range => range.Length);
}
