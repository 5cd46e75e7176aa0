using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Training.Tests.Evaluation;

public class InfillEvaluationTests
{
    private static readonly Hole[] Holes =
    [
        new("1", HoleKind.SingleLine, "{\n    ", "\n}", "return left;"),
        new("2", HoleKind.SingleLine, "{\n    ", "\n}", "return right;"),
        new("3", HoleKind.InLine, "int x = ", "\n", "left + right;"),
    ];

    [Fact]
    public async Task RunAsync_CountsExactFills_AndComparesPairwise()
    {
        var model = new Fixed("model", ["  return left; ", "return right;", "left + right;"]);
        var baseline = new Fixed("baseline", ["return left;", "return", ""]);

        InfillEvaluationReport report = await InfillEvaluation.RunAsync(
            [model, baseline],
            Holes,
            new InfillEvaluationOptions(),
            null,
            default
        );

        Assert.Equal(
            [("model", 2, 1.0), ("baseline", 2, 0.5), ("model", 1, 1.0), ("baseline", 1, 0.0)],
            report.Figures.Select(row => (row.Filler, row.Holes, row.ExactMatch))
        );
        Assert.Equal([0.5, 1.0], report.Differences.Select(row => row.ExactMatch.Mean));
        Assert.Equal((1 + (6.0 / 13)) / 2, report.Figures[1].EditSimilarity, 12);
        Assert.Equal(2.0, report.Figures[0].TokensPerForward);
        Assert.Equal(6, report.Scores.Count);
    }

    [Fact]
    public async Task ToTable_ToJson_HoldTheFigures()
    {
        InfillEvaluationReport report = await InfillEvaluation.RunAsync(
            [new Fixed("model", ["return left;", "x", "y"]), new Fixed("baseline", ["a", "b", "c"])],
            Holes,
            new InfillEvaluationOptions(),
            null,
            default
        );

        Assert.Contains("| single-line | model | 2 | 50.0 % |", report.ToTable(), StringComparison.Ordinal);
        Assert.Contains("| in-line | exact match | 0.0 | 0.0 to 0.0 |", report.ToTable(), StringComparison.Ordinal);
        Assert.Contains("\"kind\": \"in-line\"", report.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_FillsThatBreakTheFile_AreCounted()
    {
        Hole[] holes =
        [
            new("1", HoleKind.SingleLine, "class A { int F() {\n    ", "\n} }", "return 1 + 2;"),
            new("2", HoleKind.SingleLine, "class B { int F() {\n    ", "\n} }", "return 3 + 4;"),
        ];
        InfillEvaluationReport report = await InfillEvaluation.RunAsync(
            [new Fixed("model", ["return 1 +;", "return Five();"])],
            holes,
            new InfillEvaluationOptions(),
            null,
            default
        );
        Assert.Equal([false, true], report.Scores.Select(score => score.Parses));
        Assert.Equal(0.5, Assert.Single(report.Figures).ParseRate);
    }

    [Theory]
    [InlineData(HoleKind.SingleLine, "a")]
    [InlineData(HoleKind.InLine, "a")]
    [InlineData(HoleKind.MultiLine, "a\nb\n")]
    [InlineData(HoleKind.RandomSpan, "a\nb\n")]
    public void Counted_TextOfLines_EndsByTheKindsRule(HoleKind kind, string expected) =>
        Assert.Equal(expected, new Hole("", kind, "", "", "").Counted("a\nb\n"));

    [Fact]
    public async Task RunAsync_Engine_GetsACursorAndTheStopRule()
    {
        var engine = new Recording("return left;\n}\nmore");
        var progress = new List<InfillEvaluationProgress>();

        InfillEvaluationReport report = await InfillEvaluation.RunAsync(
            engine,
            Holes[..1],
            null,
            new InfillEvaluationOptions
            {
                MaxNewTokens = 24,
                Sampling = new InfillOptions { Threshold = 0.9 },
            },
            new Immediate(progress.Add),
            default
        );

        InfillRequest request = Assert.Single(engine.Requests);
        Assert.Equal("{\n    \n}", request.Text);
        Assert.Equal([new TextSpan(6, 0)], request.Spans);
        Assert.Equal(
            (24, 0.9, "\n"),
            (request.Options.MaxNewTokens, request.Options.Threshold!.Value, Assert.Single(request.Options.StopStrings))
        );
        Assert.True(Assert.Single(report.Scores).Exact, "the fill ends before its first line end");
        Assert.Empty(report.Differences);
        Assert.Equal(new InfillEvaluationProgress("recording", 1, 1, 1.0), Assert.Single(progress));
    }

    [Fact]
    public async Task RunAsync_NoHoles_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() =>
            InfillEvaluation.RunAsync([new Fixed("a", [])], [], new InfillEvaluationOptions(), null, default)
        );

    private sealed class Fixed(string name, string[] fills) : IHoleFiller
    {
        private int next;

        public string Name => name;

        public Task<HoleFill> FillAsync(Hole hole, int maxNewTokens, CancellationToken cancellationToken) =>
            Task.FromResult(new HoleFill(fills[next++], Tokens: 4, Forwards: 2, Milliseconds: 1));
    }

    private sealed class Immediate(Action<InfillEvaluationProgress> receive) : IProgress<InfillEvaluationProgress>
    {
        public void Report(InfillEvaluationProgress value) => receive(value);
    }

    private sealed class Recording(string fill) : IInfillEngine
    {
        public List<InfillRequest> Requests { get; } = [];

        public EngineDescription Description { get; } =
            new()
            {
                Model = "recording",
                Device = "cpu",
                DataType = "float32",
                Parameters = 0,
                ContextLength = 64,
            };

        public Task<InfillResult> InfillAsync(InfillRequest request, IProgress<InfillCanvas>? progress, CancellationToken cancellationToken)
        {
            Requests.Add(request);
            var span = new InfilledSpan
            {
                Span = request.Spans[0],
                Text = fill,
                Tokens = 4,
                Forwards = 2,
                Stop = InfillStop.Eos,
            };
            return Task.FromResult(
                new InfillResult
                {
                    Spans = [span],
                    Model = "recording",
                    Milliseconds = 1,
                }
            );
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
