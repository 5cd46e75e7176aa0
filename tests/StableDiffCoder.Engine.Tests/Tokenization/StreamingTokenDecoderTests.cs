using CsCheck;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Tests.Tokenization;

public class StreamingTokenDecoderTests
{
    private static readonly HuggingFaceTokenizer Small = SmallTokenizer.Load();

    [Fact]
    public void Append_CharacterInSeveralTokens_ComesWithTheLast()
    {
        var decoder = new StreamingTokenDecoder(Small);
        var ids = Small.Encode("👎!", false);

        Assert.Equal(["", "👎", "!"], ids.Select(decoder.Append));
        Assert.Equal("", decoder.Flush());
    }

    [Fact]
    public void Flush_IncompleteCharacter_IsAReplacementAndStartsAfresh()
    {
        var decoder = new StreamingTokenDecoder(Small);
        var ids = Small.Encode("👎", false);

        Assert.Equal("", decoder.Append(ids[0]));
        Assert.Equal("\uFFFD", decoder.Flush());
        Assert.Equal("", decoder.Flush());
        Assert.Equal("", decoder.Append(ids[0]));
        Assert.Equal("👎", decoder.Append(ids[1]));
    }

    [Fact]
    public void Append_SkipSpecial_GivesNothingForControlTokens()
    {
        var decoder = new StreamingTokenDecoder(Small, skipSpecial: true);

        Assert.Equal(["", "a", ""], new[] { 0, Small.Encode("a", false)[0], 1 }.Select(decoder.Append));
    }

    [Fact]
    public void Append_AnyIds_TogetherEqualTheWholeDecoding()
    {
        // Mostly single bytes, so that broken UTF-8 of every kind turns up.
        var id = Gen.Frequency((1, Gen.Int[-1, Small.VocabularySize]), (8, Gen.Int[8 + 0x70, 8 + 255]));
        Gen.Select(id.Array[0, 20], Gen.Bool)
            .Sample(
                (ids, skipSpecial) =>
                {
                    var decoder = new StreamingTokenDecoder(Small, skipSpecial);
                    var pieces = ids.Select(decoder.Append).ToList();
                    pieces.Add(decoder.Flush());
                    Assert.Equal(Small.Decode(ids, skipSpecial), string.Concat(pieces));
                    Assert.All(pieces, piece => Assert.Equal(piece, TokenizerProperties.WellFormed(piece)));
                },
                iter: 3000
            );
    }
}
