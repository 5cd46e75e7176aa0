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
