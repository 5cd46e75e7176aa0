using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Runtime;

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
    public async Task InfillAsync_SuffixFirst_KeepsTheSurestDraftAndLooksAgainAtTheOthers()
    {
        const int Spans = 3;
        var refilled = new HashSet<int>();
        for (int seed = 1; seed <= 4; seed++)
        {
            using var checkpoint = new InfillCheckpoint(seed: seed);
            await using InfillEngine engine = await Load(checkpoint);
            // The rule, spelled out with one span at a time.
            var texts = new string[Spans];
            var fills = new InfilledSpan[Spans];
            var seen = new (string Before, string Behind)[Spans];
            (string Before, string Behind) Around(int span) =>
                (
                    string.Concat(texts.Take(span).Select(text => $"a {text}")) + "a ",
                    string.Concat(texts.Skip(span + 1).Select(text => $"a {text}")) + "a "
                );
            for (int i = 0; i < Spans; i++)
            {
                seen[i] = Around(i);
                fills[i] = await Fill(engine, seen[i].Before, seen[i].Behind);
                texts[i] = fills[i].Text;
            }
            int[] order = [.. Enumerable.Range(0, Spans).OrderByDescending(i => SecondLook.Certainty(fills[i]))];
            int[] forwards = [.. fills.Select(fill => fill.Forwards)];
            foreach (int i in order.Skip(1).Where(i => Around(i) != seen[i] && SecondLook.Certainty(fills[i]) < SecondLook.Certain))
            {
                InfilledSpan again = await Fill(engine, Around(i).Before, Around(i).Behind);
                texts[i] = again.Text;
                forwards[i] += again.Forwards;
                refilled.Add(i);
            }
            var request = new InfillRequest
            {
                Text = string.Concat(Enumerable.Repeat("a old ", Spans))[..^4] + "a ",
                Spans = [.. Enumerable.Range(0, Spans).Select(i => new TextSpan((6 * i) + 2, i == Spans - 1 ? 0 : 4))],
                Options = SixTokens,
            };
            IReadOnlyList<InfilledSpan> all = (await engine.InfillAsync(request, null, CancellationToken.None)).Spans;
            Assert.Equal(texts, all.Select(fill => fill.Text));
            Assert.Equal(forwards, all.Select(fill => fill.Forwards));
        }
        Assert.True(refilled.Count > 1, "the seeds give no second looks");
    }

    [Fact]
    public void Uncertain_SureDrafts_StayAsTheyAre()
    {
        var spans = new[] { First, Second };
        var request = new InfillRequest { Text = Text, Spans = spans };
        using var checkpoint = new InfillCheckpoint();
        using LoadedModel model = LoadedModel.Load(checkpoint.Path, new ModelLoadOptions { Threads = 1 }, null, CancellationToken.None);
        foreach (
            (double first, double second, int[] expected) in ((double, double, int[])[])[(0.2, 0.9, [0]), (0.96, 0.97, []), (0.9, 0.1, [])]
        )
        {
            var task = new InfillTask(request, model, null, new Deadline(TimeProvider.System, null), CancellationToken.None);
            var looks = new SecondLook(task);
            looks.Draft(0, Draft(First, first));
            looks.Draft(1, Draft(Second, second));
            Assert.Equal(expected, looks.Uncertain());
        }
    }

    private static InfilledSpan Draft(TextSpan span, double confidence) =>
        new()
        {
            Span = span,
            Text = "x",
            Tokens = 1,
            Forwards = 1,
            Stop = InfillStop.Eos,
            Choices = [new TokenChoice(20, confidence, 1)],
        };

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
