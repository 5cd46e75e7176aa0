using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Engine.Tests.Infilling;

public sealed class FillRepairTests
{
    private const string Before = "int a = ";

    private static readonly InfillRequest Request = new()
    {
        Text = Before + "old;\n",
        Spans = [new TextSpan(Before.Length, 3)],
        Options = new InfillOptions { MaxNewTokens = 8 },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_FillWithErrors_GetsFewerNeverMore(bool inPlace)
    {
        int mended = 0;
        for (int seed = 1; seed <= 4; seed++)
        {
            using var checkpoint = new InfillCheckpoint(inPlace, seed: seed);
            await using InfillEngine engine = await Load(checkpoint);
            InfilledSpan fill = (await engine.InfillAsync(Request, null, CancellationToken.None)).Spans[0];
            char broken = fill.Text.FirstOrDefault(symbol => !Request.Text.Contains(symbol, StringComparison.Ordinal), '\0');
            IReadOnlyList<int> ErrorsOf(string text) => [.. Enumerable.Range(0, text.Length).Where(i => text[i] == broken)];
            int before = ErrorsOf(fill.Text).Count;
            var reports = new List<InfillCanvas>();
            InfilledSpan better = await FillRepair.RunAsync(
                engine,
                Request,
                fill,
                ErrorsOf,
                rounds: 3,
                new Recorder<InfillCanvas>(reports),
                CancellationToken.None
            );
            Assert.True(ErrorsOf(better.Text).Count < before || better.Text == fill.Text);
            Assert.Equal(fill.Span, better.Span);
            Assert.True(reports.Count > 0 || before == 0);
            Assert.Equal(before > 0, better.Forwards > fill.Forwards);
            mended += ErrorsOf(better.Text).Count < before ? 1 : 0;
        }
        Assert.True(mended > 0, "the seeds have nothing to mend");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RoundsAsync_ErrorInTheMiddle_KeepsWhatStandsOnBothSides(bool inPlace)
    {
        int both = 0;
        for (int seed = 1; seed <= 6; seed++)
        {
            using var checkpoint = new InfillCheckpoint(inPlace, seed: seed);
            await using InfillEngine engine = await Load(checkpoint);
            InfillRequest request = Request with { Options = new InfillOptions { MaxNewTokens = 24 } };
            InfilledSpan fill = (await engine.InfillAsync(request, null, CancellationToken.None)).Spans[0];
            if (fill.Choices.Count < 20)
            {
                continue;
            }
            // Whatever stands there, the seventh token is wrong: the window ends four tokens behind it, and twelve and more are behind that.
            int error = fill.Choices[6].End - 1;
            string behind = fill.Text[fill.Choices[10].End..];
            var reports = new List<InfillCanvas>();
            InfilledSpan better = await FillRepair
                .RoundsAsync(
                    engine,
                    request,
                    fill,
                    text => text.Contains(fill.Text, StringComparison.Ordinal) ? [Before.Length + error] : [],
                    new Recorder<InfillCanvas>(reports),
                    CancellationToken.None
                )
                .FirstAsync();
            Assert.NotEqual(fill.Text, better.Text);
            Assert.EndsWith(behind, better.Text, StringComparison.Ordinal);
            Assert.Equal(fill.Span, better.Span);
            Assert.Equal(better.Text.Length, better.Choices.Max(choice => choice.End));
            Assert.Equal(better.Choices.Select(choice => choice.End).Order(), better.Choices.Select(choice => choice.End));
            Assert.Equal(better.Tokens, better.Confidences.Count);
            Assert.True(better.Forwards > fill.Forwards);
            Assert.All(reports, canvas => Assert.EndsWith(behind, canvas.Spans[0].Text, StringComparison.Ordinal));
            both += fill.Text[0] == better.Text[0] ? 1 : 0;
        }
        Assert.True(both > 0, "no seed has a fill whose beginning stays");
    }

    [Fact]
    public async Task RoundsAsync_NothingHelps_TriesEachWindowOnce()
    {
        using var checkpoint = new InfillCheckpoint();
        await using InfillEngine engine = await Load(checkpoint);
        InfilledSpan fill = (await engine.InfillAsync(Request, null, CancellationToken.None)).Spans[0];
        List<InfilledSpan> all = await FillRepair
            .RoundsAsync(
                engine,
                Request,
                fill,
                text => text.StartsWith(Before + ";", StringComparison.Ordinal) ? [] : [Before.Length],
                null,
                CancellationToken.None
            )
            .ToListAsync();
        // The error is in the first token: masked with a few behind it, then with all of them.
        Assert.InRange(all.Count, 1, 2);
        Assert.All(all, span => Assert.Equal(fill.Text, span.Text));
    }

    [Fact]
    public async Task RunAsync_NoErrorsOfItsOwnOrNoRounds_IsTheSameFill()
    {
        using var checkpoint = new InfillCheckpoint();
        await using InfillEngine engine = await Load(checkpoint);
        InfilledSpan fill = (await engine.InfillAsync(Request, null, CancellationToken.None)).Spans[0];
        // The document has an error at its end, whatever is filled in.
        Func<string, IReadOnlyList<int>> atTheEnd = text => [text.Length - 1];
        Assert.Same(fill, await FillRepair.RunAsync(engine, Request, fill, atTheEnd, 3, null, CancellationToken.None));
        Assert.Same(fill, await FillRepair.RunAsync(engine, Request, fill, text => [Before.Length], 0, null, CancellationToken.None));
    }

    [Theory]
    [InlineData(new[] { 3 }, new[] { 3 }, null)] // before
    [InlineData(new[] { 18 }, new[] { 13 }, null)] // as far from the end
    [InlineData(new[] { 12, 18 }, new[] { 13 }, 2)] // inside
    [InlineData(new[] { 15 }, new[] { 10 }, 5)] // right behind: without the fill something was missing there
    [InlineData(new[] { 19 }, new int[0], 9)] // behind
    [InlineData(new[] { 4 }, new int[0], -6)]
    public void Of_ErrorsWithAndWithout_AreTheFillsWhereTheyAreNew(int[] with, int[] without, int? offset)
    {
        FillFault? fault = FillFault.Of(start: 10, length: 5, with, lengthWith: 20, without, lengthWithout: 15);
        Assert.Equal(offset, fault?.Offset);
    }

    private static Task<InfillEngine> Load(InfillCheckpoint checkpoint) =>
        InfillEngine.LoadAsync(checkpoint.Path, new ModelLoadOptions { Threads = 1, DataType = "float32" }, null, CancellationToken.None);
}
