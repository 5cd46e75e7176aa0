using CsCheck;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Tests.Infilling;

public sealed class ContextWindowTests : IDisposable
{
    private readonly InfillCheckpoint checkpoint = new();
    private readonly HuggingFaceTokenizer tokenizer;

    public ContextWindowTests() => tokenizer = HuggingFaceTokenizer.Load(checkpoint.FilePath("tokenizer.json"));

    public void Dispose() => checkpoint.Dispose();

    private int Count(string text) => tokenizer.Encode(text, AddedTokenParsing.None).Length;

    [Fact]
    public void Around_AnyTextAndBudget_KeepsTheBudgetAndCutsAtLineStarts()
    {
        var samples = Gen.Select(InfillSamples.Texts, InfillSamples.Texts, Gen.Int[0, 200]);
        samples.Sample(
            (before, behind, budget) =>
            {
                ContextWindow window = ContextWindow.Around(tokenizer, before, behind, budget);
                Assert.True(window.Prefix.Length + window.Suffix.Length <= budget);
                // The ids are those of the text that the offsets name, and never control tokens.
                Assert.Equal(tokenizer.Encode(before[window.PrefixStart..], AddedTokenParsing.None), window.Prefix);
                Assert.Equal(tokenizer.Encode(behind[..window.SuffixEnd], AddedTokenParsing.None), window.Suffix);
                Assert.All(window.Prefix.Concat(window.Suffix), id => Assert.False(tokenizer.IsSpecial(id)));
                Assert.False(LineBreaks.IsInsideCharacter(before, window.PrefixStart));
                Assert.False(LineBreaks.IsInsideCharacter(behind, window.SuffixEnd));
                if (window.PrefixStart > 0 && !LineBreaks.IsLineStart(before, window.PrefixStart))
                {
                    // Only the line at the hole is ever cut inside, and only when it is too long.
                    Assert.Null(LineBreaks.NextLineStart(before, window.PrefixStart));
                    Assert.True(Count(before[LastLine(before)..]) > (budget * 3 + 3) / 4 - 1);
                }
                if (window.SuffixEnd < behind.Length && !LineBreaks.IsLineStart(behind, window.SuffixEnd))
                {
                    Assert.Null(LineBreaks.PreviousLineStart(behind, window.SuffixEnd));
                }
            }
        );
    }

    private static int LastLine(string text) => LineBreaks.PreviousLineStart(text, text.Length - 1) ?? 0;

    [Theory]
    [InlineData(100, 100, 40, 30, 10)] // both long: three quarters and one
    [InlineData(5, 100, 40, 5, 35)] // a short prefix leaves its share to the suffix
    [InlineData(100, 4, 40, 36, 4)] // and the other way round
    [InlineData(10, 10, 40, 10, 10)] // all of both
    [InlineData(100, 100, 0, 0, 0)]
    public void Around_OneTokenLines_SharesTheBudget(int beforeLines, int behindLines, int budget, int prefix, int suffix)
    {
        // A line feed is one token, and a line.
        ContextWindow window = ContextWindow.Around(tokenizer, new string('\n', beforeLines), new string('\n', behindLines), budget);
        Assert.Equal((prefix, suffix), (window.Prefix.Length, window.Suffix.Length));
    }

    [Fact]
    public void Around_LongLineAtTheHole_IsCutInsideIt()
    {
        ContextWindow window = ContextWindow.Around(tokenizer, "first\n" + new string('x', 500), new string('y', 500) + "\nlast", 40);
        Assert.Equal((30, 10), (window.Prefix.Length, window.Suffix.Length));
    }

    [Fact]
    public void Around_TokensOfManyCharacters_TakesMoreTextUntilTheBudgetIsUsed()
    {
        // Four spaces are one token, so that a budget of 10 holds more than the first guess of its characters.
        string line = new string(' ', 40) + "\n";
        ContextWindow window = ContextWindow.Around(tokenizer, string.Concat(Enumerable.Repeat(line, 50)), "", 110);
        Assert.Equal(110, window.Prefix.Length);
        Assert.Equal(40 * line.Length, window.PrefixStart);
    }

    [Fact]
    public void Around_StrideAndAnyText_KeepsTheBudget()
    {
        Gen.Select(InfillSamples.Texts, InfillSamples.Texts, Gen.Int[0, 200], Gen.Int[1, 20])
            .Sample(
                (before, behind, budget, stride) =>
                {
                    ContextWindow window = ContextWindow.Around(tokenizer, before, behind, budget, stride);
                    Assert.True(window.Prefix.Length + window.Suffix.Length <= budget);
                    Assert.Equal(tokenizer.Encode(before[window.PrefixStart..], AddedTokenParsing.None), window.Prefix);
                    Assert.Equal(tokenizer.Encode(behind[..window.SuffixEnd], AddedTokenParsing.None), window.Suffix);
                }
            );
    }

    [Theory]
    [InlineData(0)] // the prefix grows from nothing to its share and beyond
    [InlineData(200)] // it is cut all the time
    public void Around_Typing_MovesTheCutsRarely(int linesBefore)
    {
        const int Budget = 320;
        const int Stride = 20;
        string before = string.Concat(Enumerable.Range(0, linesBefore).Select(i => $"    int v{i} = {i};\n"));
        string typed = string.Concat(Enumerable.Range(0, 40).Select(i => $"        Call({i}, x);\n"));
        string behind = string.Concat(Enumerable.Range(0, 200).Select(i => $"\n    Method{i}();"));
        var starts = new List<int>();
        var ends = new List<int>();
        for (int length = 0; length <= typed.Length; length++)
        {
            ContextWindow window = ContextWindow.Around(tokenizer, before + typed[..length], behind, Budget, Stride);
            Assert.True(window.Prefix.Length + window.Suffix.Length >= Budget - (4 * Stride), "context is given away");
            starts.Add(window.PrefixStart);
            ends.Add(window.SuffixEnd);
        }
        int tokens = Count(typed);
        Assert.InRange(Changes(starts) + Changes(ends), 1, 2 * tokens / Stride);
    }

    private static int Changes(List<int> values) => values.Skip(1).Zip(values).Count(pair => pair.First != pair.Second);
}
