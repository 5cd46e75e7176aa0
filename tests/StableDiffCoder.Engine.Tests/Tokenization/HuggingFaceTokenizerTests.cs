using System.Text.Json.Nodes;
using CsCheck;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Tests.Tokenization;

public class HuggingFaceTokenizerTests
{
    private static readonly HuggingFaceTokenizer Small = SmallTokenizer.Load();

    [Theory]
    [InlineData("", "")]
    [InlineData("hello hello", "hello| hello")]
    [InlineData("hell", "hell")]
    [InlineData("helhello", "he|l|hello")]
    [InlineData("return int", "return| |int")]
    [InlineData("aaaaaaa", "aaaa|aa|a")]
    [InlineData("x     y", "x|    | |y")]
    [InlineData("a\r\n\r\nb", "a|\r\n|\r\n|b")]
    [InlineData("e\u0301", "é")]
    [InlineData("it's", "i|t|'s")]
    [InlineData("it'ſ", "i|t|'ſ")]
    [InlineData("👍", "👍")]
    [InlineData("👎", "ðŁĳ|İ")]
    public void Encode_KnownText_MergesAsLearnt(string text, string expected) =>
        Assert.Equal(expected.Split('|', StringSplitOptions.RemoveEmptyEntries), SmallTokenizer.Tokens(Small, text));

    [Theory]
    [InlineData(AddedTokenParsing.All, "a|<mask>|s")]
    [InlineData(AddedTokenParsing.ExceptSpecial, "a|<|m|as|k|>|s")]
    [InlineData(AddedTokenParsing.None, "a|<|m|as|k|>|s")]
    public void Encode_ControlToken_IsParsedOnlyWhenAsked(AddedTokenParsing parsing, string expected) =>
        Assert.Equal(expected.Split('|'), SmallTokenizer.Tokens(Small, "a<mask>s", parsing));

    [Fact]
    public void Encode_ParseSpecialFalse_StillParsesPlainAddedTokens()
    {
        Assert.Contains(5, Small.Encode("a<fim>b", parseSpecial: false));
        Assert.DoesNotContain(5, Small.Encode("a<fim>b", AddedTokenParsing.None));
    }

    [Fact]
    public void Encode_TwoTokensAtOnePlace_TheLongerWins()
    {
        Assert.Equal([3], Small.Encode("<mask>", parseSpecial: true));
        Assert.Equal([6], Small.Encode("<m", parseSpecial: true));
        // The control token's text is used up even where it does not count: no "<m" token (6) is found in it.
        Assert.DoesNotContain(6, Small.Encode("<mask>", parseSpecial: false));
    }

    [Theory]
    [InlineData("x<|é|>y")]
    [InlineData("x<|e\u0301|>y")]
    public void Encode_NormalizedAddedToken_IsFoundAfterNormalization(string text) =>
        Assert.Equal(["x", "<|é|>", "y"], SmallTokenizer.Tokens(Small, text));

    [Fact]
    public void Encode_StrippingToken_TakesWhiteSpaceWithIt()
    {
        var tokenizer = WithAdded("<S>", token => (token["lstrip"], token["rstrip"]) = (true, true));
        var tokenized = tokenizer.EncodeWithOffsets("a \t<S>\n b", parseSpecial: true);

        Assert.Equal(["a", "<S>", "b"], SmallTokenizer.Tokens(tokenizer, "a \t<S>\n b"));
        Assert.Equal(new Utf16Span(1, 7), tokenized.OffsetMap[1]);
        Assert.Equal(["<S>", "<S>"], SmallTokenizer.Tokens(tokenizer, " <S>  <S> "));
    }

    [Theory]
    [InlineData("a Wo b", true)]
    [InlineData("Wo", true)]
    [InlineData("(Wo)", true)]
    [InlineData("aWo", false)]
    [InlineData("Wo_", false)]
    [InlineData("Wo𝐱", false)]
    [InlineData("👍Wo", true)]
    public void Encode_SingleWordToken_CountsOnlyAlone(string text, bool found)
    {
        var tokenizer = WithAdded("Wo", token => token["single_word"] = true);

        Assert.Equal(found, tokenizer.Encode(text, parseSpecial: true).Contains(1000));
    }

    [Fact]
    public void Encode_UnpairedSurrogates_AreReplacementCharacters()
    {
        Assert.Equal(Small.Encode("a\uFFFDb\uFFFD", false), Small.Encode("a\uD83Db\uDC4D", false));
        Assert.Equal("\uFFFD\uFFFD👍", Small.Decode(Small.Encode("\uD83D\uD83D\uD83D\uDC4D", false)));
    }

    [Fact]
    public void Encode_WithoutNormalizer_KeepsTheText()
    {
        var tokenizer = SmallTokenizer.Load(json => json["normalizer"] = null);

        Assert.Equal("e\u0301", tokenizer.Decode(tokenizer.Encode("e\u0301", false)));
    }

    [Fact]
    public void Encode_ByteLevelWithItsOwnRegex_SplitsAsGpt2()
    {
        var tokenizer = SmallTokenizer.Load(json => json["pre_tokenizer"] = SmallTokenizer.ByteLevel(useRegex: true));

        Assert.Equal(["aaaa", " hello", "'s", "  ", " hello"], SmallTokenizer.Tokens(tokenizer, "aaaa hello's   hello"));
    }

    [Fact]
    public void Encode_IgnoreMerges_TakesWholeChunks()
    {
        static void Change(JsonObject json) => ((JsonObject)json["model"]!["vocab"]!)["zqz"] = 1000;
        var merging = SmallTokenizer.Load(Change);
        var ignoring = SmallTokenizer.Load(json =>
        {
            Change(json);
            json["model"]!["ignore_merges"] = true;
        });

        Assert.Equal(["z", "q", "z"], SmallTokenizer.Tokens(merging, "zqz"));
        Assert.Equal(["zqz"], SmallTokenizer.Tokens(ignoring, "zqz"));
        Assert.Equal(["z", "q", "z", "z"], SmallTokenizer.Tokens(ignoring, "zqzz"));
    }

    [Fact]
    public void Encode_IgnoreMergesAndControlTokenInTheVocabulary_IsStillText()
    {
        var tokenizer = SmallTokenizer.Load(json =>
        {
            json["model"]!["ignore_merges"] = true;
            json["model"]!["vocab"]!["<mask>"] = SmallTokenizer.Mask;
            json["pre_tokenizer"] = SmallTokenizer.ByteLevel(useRegex: false);
        });

        Assert.Equal([SmallTokenizer.Mask], tokenizer.Encode("<mask>", AddedTokenParsing.All));
        Assert.DoesNotContain(SmallTokenizer.Mask, tokenizer.Encode("<mask>", AddedTokenParsing.ExceptSpecial));
        Assert.DoesNotContain(SmallTokenizer.Mask, tokenizer.Encode("<mask>", AddedTokenParsing.None));
    }

    [Fact]
    public void Encode_ManyDifferentChunks_OutlivesItsCache()
    {
        var text = string.Join('\n', Enumerable.Range(0, 40_000).Select(number => $"w{(char)('a' + (number % 26))}{Letters(number)}"));

        var ids = Small.Encode(text, false);

        Assert.Equal(text, Small.Decode(ids));
        Assert.Equal(ids, Small.Encode(text, false));
    }

    [Fact]
    public void Decode_IdsWithoutToken_AreLeftOut() =>
        Assert.Equal("hello", Small.Decode([-1, .. Small.Encode("hello", false), 999_999, int.MaxValue]));

    [Fact]
    public void Decode_SkipSpecial_LeavesControlTokensOut()
    {
        int[] ids = [0, .. Small.Encode("a<fim>b", true), 1];

        Assert.Equal("<bos>a<fim>b<eos>", Small.Decode(ids));
        Assert.Equal("a<fim>b", Small.Decode(ids, skipSpecial: true));
    }

    [Fact]
    public void TokenBytes_AddedToken_IsItsContent()
    {
        Assert.Equal("<|é|>"u8.ToArray(), Small.TokenBytes(7).ToArray());
        Assert.True(Small.TokenBytes(-1).IsEmpty);
    }

    [Fact]
    public void HasToken_GapBetweenIds_IsFalse()
    {
        var tokenizer = WithAdded("<S>", _ => { });

        Assert.Equal(1001, tokenizer.VocabularySize);
        Assert.True(tokenizer.HasToken(1000));
        Assert.False(tokenizer.HasToken(999));
        Assert.False(tokenizer.HasToken(1001));
        Assert.False(tokenizer.HasToken(-1));
    }

    [Fact]
    public void Special_FoundByContent_OrRequireSaysWhatIsMissing()
    {
        Assert.Equal(
            (0, 1, 2, 3, 4),
            (Small.Special.Bos, Small.Special.Eos, Small.Special.Pad, Small.Special.Mask, Small.Special.FimPrefix)
        );
        Assert.Null(Small.Special.FimSuffix);
        Assert.Equal(3, Small.Special.Require(SpecialTokenKind.Mask));
        var error = Assert.Throws<ModelLoadException>(() => Small.Special.Require(SpecialTokenKind.FimSuffix));
        Assert.Contains("<[fim-suffix]>", error.Message);
    }

    [Fact]
    public void EncodeWithOffsets_ComposedCharacters_PointIntoTheOriginal()
    {
        // e + acute composes to é; the two jamo compose to one syllable of three bytes and two tokens.
        const string text = "xe\u0301 \u110E\u1161y";
        var tokenized = Small.EncodeWithOffsets(text, parseSpecial: false);
        var spans = Enumerable
            .Range(0, tokenized.Ids.Length)
            .Select(token => text.Substring(tokenized.OffsetMap[token].Start, tokenized.OffsetMap[token].Length));

        Assert.Equal(["x", "e\u0301", " ", "", "\u110E\u1161", "y"], spans);
        Assert.Equal(2, tokenized.OffsetMap.TokensBefore(3));
        Assert.Equal(1, tokenized.OffsetMap.TokensBefore(2));
        Assert.Equal(tokenized.Ids.Length, tokenized.OffsetMap.TokensBefore(text.Length));
    }

    [Fact]
    public void Encode_AnyText_DecodesToItsFormC() =>
        UnicodeText.Any.Sample(text => TokenizerProperties.DecodesToFormC(Small, text), iter: 2000);

    [Fact]
    public void EncodeWithOffsets_AnyText_CoversItInOrder() =>
        UnicodeText.Any.Sample(text => TokenizerProperties.OffsetsCover(Small, text), iter: 2000);

    [Fact]
    public void EncodeWithOffsets_AnyText_AgreesWithStreamingDecoder() =>
        UnicodeText.Any.Sample(text => TokenizerProperties.OffsetsMatchDecoding(Small, text), iter: 2000);

    [Fact]
    public void Encode_AnyTextWithoutParsing_NeverYieldsControl() =>
        UnicodeText.Any.Sample(
            text =>
            {
                Assert.DoesNotContain(Small.Encode(text, parseSpecial: false), Small.IsSpecial);
                // Ids 0 to 7 are the added tokens.
                Assert.DoesNotContain(Small.Encode(text, AddedTokenParsing.None), id => id < 8);
            },
            iter: 2000
        );

    private static HuggingFaceTokenizer WithAdded(string content, Action<JsonObject> change) =>
        SmallTokenizer.Load(json =>
        {
            var token = SmallTokenizer.AddedToken(1000, content);
            change(token);
            ((JsonArray)json["added_tokens"]!).Add(token);
        });

    private static string Letters(int number) => string.Concat($"{number}".Select(digit => (char)('a' + digit - '0')));
}
