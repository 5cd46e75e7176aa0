using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Engine.Tests.Infilling;

public sealed class InfillEngineTests
{
    private static readonly ModelLoadOptions OneThread = new() { Threads = 1, DataType = "float32" };

    private static Task<InfillEngine> Load(InfillCheckpoint checkpoint) =>
        InfillEngine.LoadAsync(checkpoint.Path, OneThread, null, CancellationToken.None);

    private static InfillRequest Cursor(string text, int at, int maxNewTokens = 8) =>
        new()
        {
            Text = text,
            Spans = [new TextSpan(at, 0)],
            Options = new InfillOptions { MaxNewTokens = maxNewTokens },
        };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InfillAsync_EveryPlaceOfAFile_Answers(bool inPlace)
    {
        using var checkpoint = new InfillCheckpoint(inPlace);
        await using InfillEngine engine = await Load(checkpoint);
        foreach (
            (string text, TextSpan span) in ((string, TextSpan)[])
                [
                    ("", new(0, 0)),
                    ("int x;", new(0, 0)),
                    ("int x;", new(6, 0)),
                    ("int x;", new(2, 0)),
                    ("int x;", new(1, 4)),
                    ("int x;", new(0, 6)),
                    ("a😀b", new(2, 0)),
                    ("a\r\nb", new(2, 0)),
                ]
        )
        {
            var request = new InfillRequest
            {
                Text = text,
                Spans = [span],
                Options = new InfillOptions { MaxNewTokens = 6 },
            };
            InfillResult result = await engine.InfillAsync(request, null, CancellationToken.None);
            InfilledSpan fill = Assert.Single(result.Spans);
            Assert.InRange(fill.Tokens, 0, 6);
            Assert.Equal(fill.Tokens, fill.Confidences.Count);
            Assert.True(fill.Forwards > 0);
            Assert.Equal(engine.Description.Model, result.Model);
        }
    }

    [Fact]
    public async Task InfillAsync_SuffixFirst_EqualsThePlainGeneration()
    {
        using var checkpoint = new InfillCheckpoint();
        await using InfillEngine engine = await Load(checkpoint);
        InfillResult result = await engine.InfillAsync(Cursor("int x = ;", 8), null, CancellationToken.None);

        using LoadedModel model = LoadedModel.Load(checkpoint.Path, OneThread, null, CancellationToken.None);
        int[] Text(string text) => model.Tokenizer.Encode(text, parseSpecial: false);
        int[] prompt =
        [
            InfillCheckpoint.FimSuffix,
            .. Text(";"),
            InfillCheckpoint.FimPrefix,
            .. Text("int x = "),
            InfillCheckpoint.FimMiddle,
        ];
        var sampler = new FusedCommitSampler(model.Transformer, model.SpecialIds);
        var options = new SamplerOptions { GenLength = 8 };
        Generation plain = sampler.Generate(prompt, options, GenerationHooks.None, CancellationToken.None);
        InfilledSpan fill = Assert.Single(result.Spans);
        Assert.Equal(plain.Forwards, fill.Forwards);
        string expected = model.Tokenizer.Decode([.. plain.NewIds.TakeWhile(id => id != InfillCheckpoint.Eos)], skipSpecial: true);
        Assert.StartsWith(fill.Text, expected, StringComparison.Ordinal);
        // Nothing but a last incomplete character may be missing.
        Assert.Equal("", expected[fill.Text.Length..].Trim('\ufffd'));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InfillAsync_SameRequestTwice_SameAnswer(bool inPlace)
    {
        using var checkpoint = new InfillCheckpoint(inPlace);
        await using InfillEngine engine = await Load(checkpoint);
        var request = new InfillRequest
        {
            Text = "first\nsecond\n",
            Spans = [new(2, 1), new(8, 2)],
            Options = new InfillOptions
            {
                MaxNewTokens = 7,
                Temperature = 0.8,
                Seed = 5,
            },
        };
        InfillResult one = await engine.InfillAsync(request, null, CancellationToken.None);
        InfillResult two = await engine.InfillAsync(request, null, CancellationToken.None);
        InfillResult other = await engine.InfillAsync(
            request with
            {
                Options = request.Options with { Seed = 6 },
            },
            null,
            CancellationToken.None
        );
        Assert.Equal(one.Spans.Select(s => s.Text), two.Spans.Select(s => s.Text));
        // The second finds its prompts computed, by forwards of another width, which round otherwise.
        Assert.Equal(one.Spans.SelectMany(s => s.Confidences), two.Spans.SelectMany(s => s.Confidences), (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Equal(one.Spans.Select(s => s.Forwards), two.Spans.Select(s => s.Forwards));
        Assert.NotEqual(one.Spans.Select(s => s.Text), other.Spans.Select(s => s.Text));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InfillAsync_CancelledAfterAnyForward_RunsNoOther(bool inPlace)
    {
        using var checkpoint = new InfillCheckpoint(inPlace);
        await using InfillEngine engine = await Load(checkpoint);
        foreach (int cancelAt in (int[])[1, 2, 5, 9])
        {
            using var cancellation = new CancellationTokenSource();
            var reports = new List<InfillCanvas>();
            var progress = new Recorder<InfillCanvas>(
                reports,
                canvas =>
                {
                    if (reports.Count == cancelAt)
                    {
                        cancellation.Cancel();
                    }
                }
            );
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                engine.InfillAsync(Cursor("one two three", 4, 32), progress, cancellation.Token)
            );
            Assert.Equal(cancelAt, reports.Count);
        }
        // The engine goes on.
        Assert.Single((await engine.InfillAsync(Cursor("x", 1), null, CancellationToken.None)).Spans);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InfillAsync_StopString_EndsTheTextAndSavesForwards(bool inPlace)
    {
        using var checkpoint = new InfillCheckpoint(inPlace);
        await using InfillEngine engine = await Load(checkpoint);
        InfillRequest request = Cursor("int x = ;", 8, 32);
        InfilledSpan free = (await engine.InfillAsync(request, null, CancellationToken.None)).Spans[0];
        Assert.True(free.Text.Length >= 2, "the checkpoint's seed makes too short a text for this test");
        for (int at = 0; at < free.Text.Length; at++)
        {
            // One or two characters, wherever they first occur.
            string stop = free.Text.Substring(at, Math.Min(1 + at % 2, free.Text.Length - at));
            request = request with { Options = request.Options with { StopStrings = ["never to be found", stop] } };
            InfilledSpan fill = (await engine.InfillAsync(request, null, CancellationToken.None)).Spans[0];
            int expected = free.Text.IndexOf(stop, StringComparison.Ordinal);
            Assert.Equal(free.Text[..expected], fill.Text);
            Assert.Equal(InfillStop.StopString, fill.Stop);
            Assert.Equal(fill.Tokens, fill.Confidences.Count);
            Assert.Equal(free.Confidences.Take(fill.Tokens), fill.Confidences, (a, b) => Math.Abs(a - b) < 1e-4);
            Assert.True(fill.Forwards <= free.Forwards);
            // Four tokens a block, and the stop string is at the start: one block is enough.
            Assert.True(inPlace || at > 0 || fill.Forwards <= 8);
        }
    }

    [Fact]
    public async Task InfillAsync_BudgetThatIsNoMultipleOfTheBlock_KeepsNoMore()
    {
        using var checkpoint = new InfillCheckpoint();
        await using InfillEngine engine = await Load(checkpoint);
        InfilledSpan full = (await engine.InfillAsync(Cursor("int x = ;", 8, 8), null, CancellationToken.None)).Spans[0];
        for (int budget = 1; budget < 8; budget++)
        {
            InfilledSpan fill = (await engine.InfillAsync(Cursor("int x = ;", 8, budget), null, CancellationToken.None)).Spans[0];
            Assert.True(fill.Tokens <= budget);
            Assert.StartsWith(fill.Text, full.Text, StringComparison.Ordinal);
            Assert.True(fill.Forwards <= full.Forwards);
        }
    }

    [Theory]
    [InlineData(false, 254)] // three control tokens
    [InlineData(true, 257)]
    public async Task InfillAsync_NewTokensAloneDoNotFit_IsAnArgumentError(bool inPlace, int maxNewTokens)
    {
        using var checkpoint = new InfillCheckpoint(inPlace);
        await using InfillEngine engine = await Load(checkpoint);
        var error = await Assert.ThrowsAsync<ArgumentException>(() =>
            engine.InfillAsync(Cursor("x", 0, maxNewTokens), null, CancellationToken.None)
        );
        Assert.Contains("max_position_embeddings", error.Message, StringComparison.Ordinal);
        Assert.Contains("maxNewTokens", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task InfillAsync_TextLongerThanTheModel_IsCutToFit(bool inPlace)
    {
        using var checkpoint = new InfillCheckpoint(inPlace, maxPositions: 64);
        await using InfillEngine engine = await Load(checkpoint);
        string text = string.Concat(Enumerable.Repeat("int value = 12;\n", 200));
        var request = new InfillRequest
        {
            Text = text,
            Spans = [new(1600, 0), new(1605, 2), new(3000, 4)],
            Options = new InfillOptions { MaxNewTokens = 20 },
        };
        InfillResult result = await engine.InfillAsync(request, null, CancellationToken.None);
        Assert.Equal(request.Spans, result.Spans.Select(fill => fill.Span));
    }

    [Fact]
    public async Task InfillAsync_InvalidRequest_IsAnArgumentError()
    {
        using var checkpoint = new InfillCheckpoint();
        await using InfillEngine engine = await Load(checkpoint);
        await Assert.ThrowsAsync<ArgumentException>(() => engine.InfillAsync(Cursor("x", 2), null, CancellationToken.None));
    }

    [Fact]
    public async Task InfillAsync_AfterDisposal_SaysSo()
    {
        using var checkpoint = new InfillCheckpoint();
        InfillEngine engine = await Load(checkpoint);
        await engine.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => engine.InfillAsync(Cursor("x", 0), null, CancellationToken.None));
    }
}
