using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Tests.Infilling;

public sealed class CanvasBuilderTests : IDisposable
{
    private readonly InfillCheckpoint checkpoint = new(maxPositions: 64);
    private readonly HuggingFaceTokenizer tokenizer;
    private readonly ModelConfig config;

    public CanvasBuilderTests()
    {
        tokenizer = HuggingFaceTokenizer.Load(checkpoint.FilePath("tokenizer.json"));
        config = ModelConfig.Read(checkpoint.FilePath("config.json"));
    }

    public void Dispose() => checkpoint.Dispose();

    private int[] Ids(string text) => tokenizer.Encode(text, AddedTokenParsing.None);

    [Fact]
    public void SuffixFirst_ControlTokensInTheText_AreText()
    {
        const string Before = "in<[fim-middle]>";
        const string Behind = "<[MASK_TOKEN]>t<[end▁of▁sentence]>";
        var builder = new CanvasBuilder(config with { MaxPositionEmbeddings = 256 }, tokenizer);
        Canvas canvas = builder.SuffixFirst(Before, Behind, masks: 4, new InfillOptions(), []);
        int[] expected =
        [
            InfillCheckpoint.FimSuffix,
            .. Ids(Behind),
            InfillCheckpoint.FimPrefix,
            .. Ids(Before),
            InfillCheckpoint.FimMiddle,
        ];
        Assert.Equal(expected, canvas.Known[0]);
        Assert.Equal([new CanvasHole(expected.Length, 4)], canvas.Holes);
        Assert.Equal(3, expected.Count(tokenizer.IsSpecial));
    }

    [Fact]
    public void InPlace_TwoHoles_KeepsTheOrderOfTheText()
    {
        var builder = new CanvasBuilder(config with { InfillOrder = InfillOrder.InPlace }, tokenizer);
        Canvas canvas = builder.InPlace(["ab", "c", "de"], [2, 3], new InfillOptions(), []);
        const int M = InfillCheckpoint.Mask;
        Assert.Equal([.. Ids("ab"), M, M, .. Ids("c"), M, M, M, .. Ids("de")], canvas.ToIds(M));
        Assert.Equal([new CanvasHole(2, 2), new CanvasHole(5, 3)], canvas.Holes);
    }

    [Theory]
    [InlineData(InfillOrder.Fim, 57)] // three control tokens
    [InlineData(InfillOrder.InPlace, 60)]
    public void Budget_NoLimit_IsWhatTheModelLeaves(InfillOrder order, int expected)
    {
        var builder = new CanvasBuilder(config with { InfillOrder = order }, tokenizer);
        Assert.Equal(expected, builder.Budget(masks: 4, contextTokens: null));
        Assert.Equal(9, builder.Budget(masks: 4, contextTokens: 9));
        Assert.Equal(0, builder.Budget(masks: expected + 4, contextTokens: null));
        Assert.Throws<ArgumentException>(() => builder.Budget(masks: expected + 5, contextTokens: null));
    }

    [Fact]
    public void InPlace_TextBetweenTooLong_SaysHowMuch()
    {
        var builder = new CanvasBuilder(config with { InfillOrder = InfillOrder.InPlace }, tokenizer);
        Assert.False(builder.Fits(masks: 8, between: 57, contextTokens: null));
        Assert.True(builder.Fits(masks: 8, between: 56, contextTokens: null));
        Assert.False(builder.Fits(masks: 8, between: 6, contextTokens: 5));
        var error = Assert.Throws<ArgumentException>(() => builder.InPlace(["", new string('x', 57), ""], [4, 4], new InfillOptions(), []));
        Assert.Contains("1 tokens", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CandidateLengths_AnyBudget_AreDenseAtTheStartAndEndWithTheBudget()
    {
        Assert.Equal([1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64], HoleLengths.Candidates(64));
        Assert.Equal([1, 2, 3, 4, 5], HoleLengths.Candidates(5));
        Assert.Equal([1], HoleLengths.Candidates(1));
    }
}
