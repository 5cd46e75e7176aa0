using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Lsp.Completions;

/// <summary>
/// How sure a model is of what is shown of its text: the geometric mean of the probabilities of the tokens of its first line, which is what
/// a reader judges by, and of its first token, which counts twice as much as that: a line that begins wrongly is wrong. A mean and not the
/// product, so that a long line is not thought worse of than a short one.
/// </summary>
internal static class CompletionConfidence
{
    private const double FirstWeight = 2.0 / 3;

    /// <summary>0 to 1; 0 when nothing is shown.</summary>
    /// <param name="span">What the model wrote.</param>
    /// <param name="shown">What became of it.</param>
    public static double Of(InfilledSpan span, string shown)
    {
        int count = VisibleTokens(span, FirstLine(shown));
        if (count == 0)
        {
            return 0;
        }
        double[] logarithms = [.. span.Choices.Take(count).Select(choice => Math.Log(Math.Max(choice.Confidence, 1e-12)))];
        return Math.Exp((FirstWeight * logarithms[0]) + ((1 - FirstWeight) * logarithms.Average()));
    }

    /// <summary>The tokens from the start of a model's text that a part of it, as long as what is shown, is made of.</summary>
    public static int VisibleTokens(InfilledSpan span, string shown)
    {
        int visible = shown.Count(symbol => !char.IsWhiteSpace(symbol));
        if (visible == 0)
        {
            return 0;
        }
        int end = 0;
        for (int seen = 0; end < span.Text.Length && seen < visible; end++)
        {
            seen += char.IsWhiteSpace(span.Text[end]) ? 0 : 1;
        }
        int last = -1;
        for (int i = 0; i < span.Choices.Count && last < 0; i++)
        {
            last = span.Choices[i].End >= end ? i : -1;
        }
        return last < 0 ? span.Choices.Count : last + 1;
    }

    // The first line with something on it, and all before it.
    private static string FirstLine(string text)
    {
        int start = text.Length - text.AsSpan().TrimStart().Length;
        int lineBreak = text.AsSpan(start).IndexOfAny('\r', '\n');
        return lineBreak < 0 ? text : text[..(start + lineBreak)];
    }
}
