using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Tests.Infilling;

public sealed class NewTextTests : IDisposable
{
    private readonly InfillCheckpoint checkpoint = new();
    private readonly LoadedModel model;

    public NewTextTests() =>
        model = LoadedModel.Load(checkpoint.Path, new ModelLoadOptions { Threads = 1, DataType = "float32" }, null, CancellationToken.None);

    public void Dispose()
    {
        model.Dispose();
        checkpoint.Dispose();
    }

    private int[] Ids(string text) => model.Tokenizer.Encode(text, AddedTokenParsing.None);

    private NewText From(int[] ids, InfillOptions? options = null) =>
        NewText.From(model, ids, [.. ids.Select((_, i) => (i + 1) / 100.0)], options ?? new InfillOptions());

    [Fact]
    public void From_Eos_EndsBeforeIt()
    {
        NewText text = From([.. Ids("ab"), InfillCheckpoint.Eos, .. Ids("c")]);
        Assert.Equal(("ab", 2, InfillStop.Eos), (text.Text, text.Tokens, text.Stop));
        Assert.Equal([0.01, 0.02], text.Confidences);
    }

    [Fact]
    public void From_SpecialTokenInside_DropsItAndItsConfidence()
    {
        NewText text = From([.. Ids("a"), InfillCheckpoint.FimMiddle, 1, .. Ids("b")]);
        Assert.Equal(("ab", 2, InfillStop.Length), (text.Text, text.Tokens, text.Stop));
        Assert.Equal([0.01, 0.04], text.Confidences);
    }

    [Theory]
    [InlineData(1, "a", 1)]
    [InlineData(2, "a", 1)]
    [InlineData(3, "a", 1)]
    [InlineData(4, "a日", 4)]
    public void From_CharacterIncompleteAtTheEnd_IsCut(int tokens, string expected, int kept)
    {
        int[] ids = Ids("a日");
        Assert.Equal(4, ids.Length); // three bytes without a merge
        NewText text = From(ids[..tokens]);
        Assert.Equal((expected, kept), (text.Text, text.Tokens));
    }

    [Theory]
    [InlineData("c", "ab", 2)]
    [InlineData("a", "", 0)]
    [InlineData("nt", "abci", 4)] // inside the token "int", which is kept for its first character
    [InlineData("tf", "abcin", 4)] // over two tokens
    public void From_StopString_KeepsTheTokensOfTheTextBeforeIt(string stop, string expected, int kept)
    {
        NewText text = From(Ids("abcintf"), new InfillOptions { StopStrings = ["zzz", stop] });
        Assert.Equal((expected, kept, InfillStop.StopString), (text.Text, text.Tokens, text.Stop));
        Assert.Equal(kept, text.Confidences.Count);
    }

    [Fact]
    public void From_StopStringBehindTheBudget_IsNotSeen()
    {
        NewText text = From(Ids("abcd"), new InfillOptions { MaxNewTokens = 3, StopStrings = ["d"] });
        Assert.Equal(("abc", InfillStop.Length), (text.Text, text.Stop));
    }

    [Fact]
    public void From_ControlTokenSpelledInOrdinaryTokens_IsText()
    {
        Assert.Equal("<[MASK_TOKEN]>", From(Ids("<[MASK_TOKEN]>")).Text);
    }

    [Fact]
    public void HasAppeared_StopStringOverABlocksEnd_IsNoticedOnce()
    {
        var watch = new StopStringWatch(model, ["de", "never"]);
        int[] ids = [.. Ids("abcd"), InfillCheckpoint.FimMiddle, .. Ids("efg")];
        Assert.False(watch.HasAppeared(ids[..4]));
        Assert.True(watch.HasAppeared(ids));
        var other = new StopStringWatch(model, ["xy"]);
        Assert.False(other.HasAppeared(Ids("abcx")));
        Assert.False(other.HasAppeared(Ids("abcxzy")));
    }

    [Fact]
    public void Update_HalfDecidedSpan_ShowsTextAndMasks()
    {
        var canvases = new List<InfillCanvas>();
        var progress = new CanvasProgress(new Recorder<InfillCanvas>(canvases), model, spanCount: 2, maxNewTokens: 6);
        const int Mask = InfillCheckpoint.Mask;
        int half = Ids("日")[0];
        progress.Update(1, [.. Ids("a"), Mask, half, Mask, Ids("int")[0]], [0.5, 0, 0.2, 0, 0.8], length: 6);
        progress.Report(forwards: 3);
        InfillCanvas canvas = Assert.Single(canvases);
        Assert.Equal(3, canvas.Step);
        Assert.Equal("▒▒▒▒▒▒", canvas.Spans[0].Text);
        Assert.Equal([new TextSpan(0, 6)], canvas.Spans[0].Masked);
        Assert.Equal("a▒▒int▒", canvas.Spans[1].Text);
        Assert.Equal([new TextSpan(1, 2), new TextSpan(6, 1)], canvas.Spans[1].Masked);
        Assert.Equal(0.5, canvas.Spans[1].Confidence, precision: 9);
    }
}
