using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>
/// The end of a text that repeats the beginning of what follows on the line is dropped; white space makes no difference. Brackets decide:
/// in <c>f(|)</c> the text <c>g(x)</c> needs its own, <c>x)</c> does not.
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
        int imbalance = BracketBalance.Imbalance(context, text);
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
        return RunPast();

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

        bool MayEnd(int cut)
        {
            string kept = text[..cut];
            bool opensString = context.Scan(kept).Frame.IsString && !context.Surroundings.Before.IsString;
            return StartsToken(text, cut)
                && !char.IsLowSurrogate(text[cut])
                && !opensString
                && BracketBalance.Imbalance(context, kept) <= imbalance;
        }
    }

    private static bool Repeats(string text, ReadOnlySpan<int> textAt, string rest, int[] restAt)
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
