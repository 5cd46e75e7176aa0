using CsCheck;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Tests.Tokenization;

public class PreTokenizerTests
{
    public const string SeedCoderPattern =
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1}| ?[^\\s\\p{L}\\p{N}\r\n]+|\\s*[\r\n]+|\\s+(?!\\S)|\\s+";

    private static readonly PreTokenizer SeedCoder = new(SeedCoderPattern);

    [Theory]
    [InlineData("int x = 42;", "int| x| =| |4|2|;")]
    [InlineData("a   b", "a|  | b")]
    [InlineData("a  \r\n\r\n  b", "a|  \r\n\r\n| | b")]
    [InlineData("I'M don'T", "I|'M| don|'T")]
    [InlineData("x'ſ'K", "x|'ſ|'K")]
    [InlineData("a\u0085\u00A0\u2028b", "a|\u0085\u00A0|\u2028b")]
    [InlineData("a\u180Eb \uFEFFc", "a|\u180Eb| \uFEFF|c")]
    [InlineData("𝐱𝐲 𝟏𝟐", "𝐱𝐲| |𝟏|𝟐")]
    [InlineData("x𐐀y", "x𐐀y")]
    [InlineData("👍👍a", "👍👍|a")]
    [InlineData("𠀀日", "𠀀日")]
    [InlineData("a𝅥b", "a|𝅥b")]
    public void Split_WithTheReportsPattern_CutsAsOniguruma(string text, string expected) =>
        Assert.Equal(expected.Split('|'), Pieces(SeedCoder, text));

    [Fact]
    public void Split_UnpairedSurrogates_AreSymbols() => Assert.Equal(["\uD83Da", "\uDC4D"], Pieces(SeedCoder, "\uD83Da\uDC4D"));

    [Fact]
    public void Split_WithoutPattern_IsOneChunk() => Assert.Equal(["a b 👍"], Pieces(new PreTokenizer(), "a b 👍"));

    [Fact]
    public void Split_EmptyText_HasNoChunk() => Assert.Empty(SeedCoder.Split(""));

    [Fact]
    public void Split_TwoPatterns_TheSecondSeesEachChunkAlone()
    {
        // The second pattern's lookahead finds the end of the chunk, not the letter after it.
        var pieces = Pieces(new PreTokenizer(@"\s+", @"\s(?!\S)"), "a  b");

        Assert.Equal(["a", " ", " ", "b"], pieces);
    }

    [Fact]
    public void Split_PatternNamesTheUsualStandIns_StillKeepsSupplementaryLettersOut() =>
        Assert.Equal(["日", "𠀀", "本"], Pieces(new PreTokenizer(@"[\u3000-\uD7A3\uF900-\uFFFD]"), "日𠀀本"));

    [Theory]
    [InlineData(@"a++b", "aab", "aab")]
    [InlineData(@"a*+a", "aaa", "aaa")]
    [InlineData(@"[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}", " ab1234", " ab|123|4")]
    [InlineData(@"\P{^Lu}", "aBc", "a|B|c")]
    [InlineData(@"(?:ab|c)+?", "ababc", "ab|ab|c")]
    [InlineData(@"[a\-z]", "a-bz", "a|-|b|z")]
    [InlineData(@"[\s-]", "a-b", "a|-|b")]
    [InlineData(@"a.c", "abcaxc👍", "abc|axc|👍")]
    [InlineData(@"(?<=a)b(?=c)|\x41|\u0042|\.", "abcAB.", "a|b|c|A|B|.")]
    [InlineData(@"(?i:[sdk])", "aſbKD", "a|ſ|b|K|D")]
    public void Split_SharedSyntax_MeansTheSame(string pattern, string text, string expected) =>
        Assert.Equal(expected.Split('|'), Pieces(new PreTokenizer(pattern), text));

    [Theory]
    [InlineData(@"\w+")]
    [InlineData(@"\bx")]
    [InlineData(@"\h")]
    [InlineData(@"^a")]
    [InlineData(@"a$")]
    [InlineData(@"\p{Han}")]
    [InlineData(@"\p{L")]
    [InlineData(@"\pL")]
    [InlineData(@"(?i)a")]
    [InlineData(@"(?i:é)")]
    [InlineData(@"(?i:ss)")]
    [InlineData(@"(?i:\p{L})")]
    [InlineData(@"(?i:[a-z])")]
    [InlineData(@"(?<name>a)")]
    [InlineData(@"[[:alpha:]]")]
    [InlineData(@"[a&&b]")]
    [InlineData(@"[z-a]")]
    [InlineData(@"[]a]")]
    [InlineData(@"[a")]
    [InlineData(@"(a")]
    [InlineData(@"a)")]
    [InlineData(@"+a")]
    [InlineData(@"a**")]
    [InlineData(@"a{1,2}+")]
    [InlineData(@"a{,2}")]
    [InlineData(@"a{2,1}")]
    [InlineData(@"a{b")]
    [InlineData(@"a\")]
    [InlineData(@"\u12")]
    [InlineData(@"\xFF")]
    [InlineData(@"👍")]
    [InlineData(@"[👍]")]
    public void Constructor_WhatDotNetWouldMatchDifferently_IsRefused(string pattern) =>
        Assert.ThrowsAny<ArgumentException>(() => new PreTokenizer(pattern));

    [Fact]
    public void Split_AnyText_CoversItInOrderAndCutsNoPair() =>
        UnicodeText.Any.Sample(text =>
        {
            var end = 0;
            foreach (var chunk in SeedCoder.Split(text))
            {
                Assert.Equal(end, chunk.Start);
                Assert.True(chunk.Length > 0);
                Assert.False(end > 0 && char.IsHighSurrogate(text[end - 1]) && char.IsLowSurrogate(text[end]));
                end = chunk.End;
            }

            Assert.Equal(text.Length, end);
        });

    private static string[] Pieces(PreTokenizer preTokenizer, string text) =>
        [.. preTokenizer.Split(text).Select(chunk => text.Substring(chunk.Start, chunk.Length))];
}
