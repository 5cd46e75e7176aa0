using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Engine.Tests.Infilling;

/// <summary>A forward takes 10 ms here.</summary>
public sealed class DeadlineTests
{
    private const int ForwardMilliseconds = 10;

    private readonly ManualTime time = new();

    private Task<InfillEngine> Load(InfillCheckpoint checkpoint) =>
        InfillEngine.LoadAsync(
            checkpoint.Path,
            new ModelLoadOptions { Threads = 1, DataType = "float32" },
            null,
            CancellationToken.None,
            time
        );

    private async Task<(InfillResult Result, int Forwards)> Fill(InfillEngine engine, InfillRequest request)
    {
        int forwards = 0;
        var clock = new Recorder<InfillCanvas>(
            [],
            _ =>
            {
                forwards++;
                time.Advance(TimeSpan.FromMilliseconds(ForwardMilliseconds));
            }
        );
        return (await engine.InfillAsync(request, clock, CancellationToken.None), forwards);
    }

    private static InfillRequest Cursor(double? deadline, double confidence = 0, SamplerKind sampler = SamplerKind.Fused) =>
        new()
        {
            Text = "int x = ;",
            Spans = [new TextSpan(8, 0)],
            Options = new InfillOptions
            {
                MaxNewTokens = 16,
                DeadlineMilliseconds = deadline,
                DeadlineConfidence = confidence,
                Sampler = sampler,
            },
        };

    [Theory]
    [InlineData(false, SamplerKind.Reference)]
    [InlineData(false, SamplerKind.Fused)]
    [InlineData(false, SamplerKind.Speculative)]
    [InlineData(false, SamplerKind.SelfVerified)]
    [InlineData(true, SamplerKind.Fused)]
    public async Task InfillAsync_Deadline_GivesTheBestSoFarAndIsLateByAtMostOneForward(bool inPlace, SamplerKind sampler)
    {
        using var checkpoint = new InfillCheckpoint(inPlace, eosWeight: 0, seed: 3);
        await using InfillEngine engine = await Load(checkpoint);
        (InfillResult whole, int all) = await Fill(engine, Cursor(null, sampler: sampler));
        Assert.True(all >= 5, "the checkpoint's seed makes too short a text for this test");
        int kept = 0;
        for (int deadline = 0; deadline <= (all + 1) * ForwardMilliseconds; deadline += 5)
        {
            (InfillResult result, int forwards) = await Fill(engine, Cursor(deadline, sampler: sampler));
            Assert.True(result.Milliseconds < deadline + ForwardMilliseconds, $"{result.Milliseconds} ms of {deadline}");
            InfilledSpan fill = result.Spans[0];
            Assert.True(inPlace || whole.Spans[0].Text.StartsWith(fill.Text, StringComparison.Ordinal));
            Assert.Equal(fill.Tokens, fill.Confidences.Count);
            Assert.Equal(forwards < all, fill.Stop == InfillStop.Deadline);
            Assert.True(inPlace || fill.Tokens >= kept);
            kept = fill.Tokens;
        }
        Assert.Equal(whole.Spans[0].Tokens, kept);
    }

    [Fact]
    public async Task InfillAsync_DeadlineConfidence_EndsBeforeTheFirstUnsureBlock()
    {
        using var checkpoint = new InfillCheckpoint(eosWeight: 0, seed: 3);
        await using InfillEngine engine = await Load(checkpoint);
        InfilledSpan whole = (await Fill(engine, Cursor(null))).Result.Spans[0];
        double[] blocks = [.. whole.Confidences.Take(12).Chunk(4).Select(block => block.Average())];
        InfilledSpan Late(double confidence) =>
            Fill(engine, Cursor(((whole.Forwards - 1) * ForwardMilliseconds) - 5, confidence)).GetAwaiter().GetResult().Result.Spans[0];
        Assert.Equal(0, Late(1).Tokens);
        Assert.Equal("", Late(1).Text);
        Assert.True(Late(0).Tokens > 0);
        Assert.True(Late(blocks.Min()).Tokens >= Late(blocks.Max()).Tokens);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InfillAsync_SeveralSpans_ShareTheDeadline(bool inPlace)
    {
        using var checkpoint = new InfillCheckpoint(inPlace, eosWeight: 0, seed: 3);
        await using InfillEngine engine = await Load(checkpoint);
        var request = new InfillRequest
        {
            Text = "int x = ;\nint y = ;\n",
            Spans = [new TextSpan(8, 0), new TextSpan(18, 0)],
            Options = new InfillOptions { MaxNewTokens = 8, DeadlineConfidence = 0 },
        };
        (_, int all) = await Fill(engine, request);
        for (int forwards = 0; forwards <= all; forwards++)
        {
            InfillRequest hurried = request with
            {
                Options = request.Options with { DeadlineMilliseconds = forwards * ForwardMilliseconds },
            };
            (InfillResult result, int ran) = await Fill(engine, hurried);
            Assert.Equal(forwards, ran);
            Assert.Equal(request.Spans, result.Spans.Select(fill => fill.Span));
            Assert.True(inPlace || result.Spans.Sum(fill => fill.Forwards) == ran);
        }
    }

    [Fact]
    public async Task InfillAsync_TimeRunsOutInTheQueue_AnswersThen()
    {
        using var checkpoint = new InfillCheckpoint(eosWeight: 0, seed: 3);
        await using InfillEngine engine = await Load(checkpoint);
        using var started = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var blocking = new Recorder<InfillCanvas>(
            [],
            _ =>
            {
                started.Set();
                goOn.Wait();
            }
        );
        Task<InfillResult> first = engine.InfillAsync(Cursor(null), blocking, CancellationToken.None);
        started.Wait();
        Task<InfillResult> second = engine.InfillAsync(Cursor(50), null, CancellationToken.None);
        time.Advance(TimeSpan.FromMilliseconds(49));
        Assert.False(second.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(1));
        InfilledSpan fill = (await second).Spans[0];
        Assert.Equal(("", 0, InfillStop.Deadline), (fill.Text, fill.Forwards, fill.Stop));
        Assert.False(first.IsCompleted);
        // The time of a request that runs ends nothing but its own forwards.
        goOn.Set();
        Assert.Equal(InfillStop.Length, (await first).Spans[0].Stop);
        Assert.Equal(16, (await engine.InfillAsync(Cursor(50), null, CancellationToken.None)).Spans[0].Forwards);
    }

    [Theory]
    [InlineData(new[] { 0.9, 0.9, 0.2, 0.4, 0.9 }, 1, 5, 0.5, 5)]
    [InlineData(new[] { 0.9, 0.9, 0.2, 0.1, 0.9, 0.9 }, 1, 4, 0.5, 6)]
    [InlineData(new[] { 0.9, 0.9, 0.2, 0.1, 0.9, 0.9 }, 2, 2, 0.5, 2)]
    [InlineData(new[] { 0.4, 0.9 }, 1, 4, 0.5, 0)]
    [InlineData(new double[0], 3, 4, 0.5, 0)]
    public void ConfidentPrefix_Blocks_EndBeforeTheFirstUnsureOne(double[] confidences, int first, int block, double least, int expected) =>
        Assert.Equal(expected, ConfidentPrefix.Length(confidences, first, block, least));
}
