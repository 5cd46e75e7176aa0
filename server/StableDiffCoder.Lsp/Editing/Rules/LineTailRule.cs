using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>
/// The end of a text that repeats the beginning of what follows on the line is dropped; white space makes no difference. Brackets decide:
/// in <c>f(|)</c> the text <c>g(x)</c> needs its own, <c>x)</c> does not. Nor does a text inside brackets end with what the line ends with behind them:
/// in <c>f(|);</c> the text <c>g(x);</c> loses its semicolon.
/// </summary>
internal sealed class LineTailRule : IEditingRule
{
    private const int LeastRunPast = 4;

    /// <inheritdoc />
    public string Name => "LineTail";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft)
    {
        if (context.IsAtLineEnd || draft.Text.Length == 0)
        {
            return RuleOutcome.Keep(draft);
        }
        string text = draft.Text;
        int cut = Cut(context, text);
        string kept = text[..cut];
        bool spaced = char.IsWhiteSpace(context.LineSuffix[0]);
        return RuleOutcome.Keep(draft with { Text = spaced ? kept.TrimEnd(' ', '\t') : kept });
    }

    /// <summary>Where the repetition begins; the text's length when there is none.</summary>
    private static int Cut(EditContext context, string text)
    {
        string rest = context.LineSuffix;
        int[] restAt = Visible(rest, 0);
        int[] textAt = Visible(text, text.AsSpan().LastIndexOfAny('\r', '\n') + 1);
        int[] missing = BracketBalance.Missing(context, text);
        // Of closing signs alone a part is no repetition: whether the text has some too many is for the brackets' rule to say.
        int least = Absorption.IsClosing(rest) ? restAt.Length : 1;
        for (int length = Math.Min(restAt.Length, textAt.Length); length >= least; length--)
        {
            int cut = textAt[^length];
            if (Repeats(text, textAt.AsSpan(textAt.Length - length), rest, restAt) && EndsToken(rest, restAt, length) && MayEnd(cut))
            {
                return cut;
            }
        }
        return EndsAlike() ?? RunPast();

        // An end of the statement with which text and line end alike, the line behind the brackets that the place is in.
        int? EndsAlike()
        {
            for (int length = Math.Min(restAt.Length - 1, textAt.Length); length > 0 && IsArgument(context); length--)
            {
                int cut = textAt[^length];
                bool alike =
                    text.AsSpan(cut).Contains(';')
                    && Absorption.IsClosing(text.AsSpan(cut))
                    && Repeats(text, textAt.AsSpan(textAt.Length - length), rest, restAt.AsSpan(restAt.Length - length));
                if (alike && ClosesAround(rest.AsSpan(0, restAt[^length])) && MayEnd(cut))
                {
                    return cut;
                }
            }
            return null;
        }

        // The whole rest of the line occurs inside the text, which goes on behind it.
        int RunPast()
        {
            bool telling = restAt.Length >= LeastRunPast && WordCharacters.Count(rest) > 0;
            for (int i = 0; telling && i + restAt.Length < textAt.Length; i++)
            {
                if (
                    Repeats(text, textAt.AsSpan(i, restAt.Length), rest, restAt)
                    && StartsToken(text, textAt[i + restAt.Length])
                    && MayEnd(textAt[i])
                )
                {
                    return textAt[i];
                }
            }
            return text.Length;
        }

        // One bracket too many is not made good by one too few.
        bool IsNoWorse(int[] left) =>
            left.Sum(Math.Abs) <= missing.Sum(Math.Abs) && left.Zip(missing).All(pair => pair.First <= Math.Max(0, pair.Second));

        bool MayEnd(int cut)
        {
            string kept = text[..cut];
            bool opensString = context.Scan(kept).Frame.IsString && !context.Surroundings.Before.IsString;
            return StartsToken(text, cut)
                && !char.IsLowSurrogate(text[cut])
                && !opensString
                && IsNoWorse(BracketBalance.Missing(context, kept));
        }
    }

    // Between parentheses other than those of a loop with semicolons of its own, or between square brackets.
    private static bool IsArgument(EditContext context) =>
        context.Surroundings.Brackets is [{ Symbol: '(' or '[' } bracket, ..] && !IsLoop(context.Text.AsSpan(0, bracket.Offset).TrimEnd());

    private static bool IsLoop(ReadOnlySpan<char> before) =>
        before.EndsWith("for", StringComparison.Ordinal) && !WordCharacters.EndsWord(before[..^"for".Length]);

    // Whether a stretch of code closes a parenthesis or a square bracket that it did not open.
    private static bool ClosesAround(ReadOnlySpan<char> code) =>
        !code.ContainsAny('{', '}') && code.Count(')') + code.Count(']') > code.Count('(') + code.Count('[');

    private static bool Repeats(string text, ReadOnlySpan<int> textAt, string rest, ReadOnlySpan<int> restAt)
    {
        for (int i = 0; i < textAt.Length; i++)
        {
            if (text[textAt[i]] != rest[restAt[i]])
            {
                return false;
            }
        }
        return true;
    }

    private static bool StartsToken(string text, int offset) =>
        offset == 0 || !WordCharacters.EndsWord(text.AsSpan(0, offset)) || !WordCharacters.StartsWord(text.AsSpan(offset));

    private static bool EndsToken(string rest, int[] restAt, int length) =>
        length == restAt.Length || StartsToken(rest, restAt[length - 1] + 1);

    // Offsets of the characters that are not white space.
    private static int[] Visible(string text, int start) =>
        [.. Enumerable.Range(start, text.Length - start).Where(i => !char.IsWhiteSpace(text[i]))];
}
