using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Completions;

namespace StableDiffCoder.Lsp.Tests.Completions;

public sealed class CompletionConfidenceTests
{
    [Theory]
    // a token a character; the text, what is shown of it, the probabilities, the confidence
    [InlineData("ab", "ab", "0.5 0.5", 0.5)]
    [InlineData("ab", "ab", "0.4 0.9", 0.4582)] // 0.4^(2/3) · (0.4 · 0.9)^(1/6)
    [InlineData("ab", "ab", "0.9 0.4", 0.7863)]
    [InlineData("ab", "a", "0.9 0.1", 0.9)] // the rest was cut off
    [InlineData("a\nb", "a\nb", "0.9 0.1 0.1", 0.9)] // the first line counts
    [InlineData("ab", "", "0.9 0.9", 0)]
    [InlineData("ab", "ab", "0 1", 0.0000001)]
    public void Of_ShownText_WeighsTheFirstTokenMost(string text, string shown, string probabilities, double expected)
    {
        double[] values =
        [
            .. probabilities.Split(' ').Select(value => double.Parse(value, System.Globalization.CultureInfo.InvariantCulture)),
        ];
        var span = new InfilledSpan
        {
            Span = new TextSpan(0, 0),
            Text = text,
            Tokens = values.Length,
            Forwards = 1,
            Stop = InfillStop.Length,
            Choices = [.. values.Select((value, i) => new TokenChoice(i, value, i + 1))],
        };
        Assert.Equal(expected, CompletionConfidence.Of(span, shown), 1e-3);
    }
}
