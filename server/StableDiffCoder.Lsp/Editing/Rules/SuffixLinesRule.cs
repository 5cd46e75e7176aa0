using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>
/// A text ends where it begins to say the lines that follow in the file, also where it says them nearly so. One telling line is enough, or
/// several; lines that say little, a bracket or a <c>break;</c>, count only at the text's end and in the same column.
/// </summary>
internal sealed class SuffixLinesRule : IEditingRule
{
    private const int MostLines = 40;
    private const int TellingLine = 12;
    private const int TellingLines = 8;

    /// <inheritdoc />
    public string Name => "SuffixLines";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft)
    {
        if (!context.IsAtLineEnd || draft.Text.Length == 0)
        {
            return RuleOutcome.Keep(draft);
        }
        string text = draft.Text;
        Line[] below = [.. context.LinesBelow().Take(MostLines).Select(line => Line.Of(context.Text, line, context.Style.Width))];
        Line[] lines = NewLines(context, text);
        int imbalance = BracketBalance.Imbalance(context, text);
        for (int i = 0; i < lines.Length; i++)
        {
            int same = SameLines(lines.AsSpan(i), below);
            if (same > 0 && IsTelling(context, lines.AsSpan(i), below, same))
            {
                string kept = text[..lines[i].Start].TrimEnd();
                if (BracketBalance.Imbalance(context, kept) <= imbalance)
                {
                    return RuleOutcome.Keep(draft with { Text = kept });
                }
            }
        }
        return RuleOutcome.Keep(draft);
    }

    // The first line of a text goes on with what stands before the cursor.
    private static Line[] NewLines(EditContext context, string text)
    {
        string whole = context.LinePrefix + text;
        int shift = context.LinePrefix.Length;
        return
        [
            .. LineSpan
                .Split(whole)
                .Where(line => !line.IsBlank(whole))
                .Select(line => Line.Of(whole, line, context.Style.Width))
                .Where(line => line.Start + line.Length > shift)
                .Select(line => line with { Start = Math.Max(0, line.Start - shift) }),
        ];
    }

    private static int SameLines(ReadOnlySpan<Line> lines, Line[] below)
    {
        int same = 0;
        while (same < lines.Length && same < below.Length && lines[same].Essence == below[same].Essence)
        {
            same++;
        }
        return same;
    }

    private static bool IsTelling(EditContext context, ReadOnlySpan<Line> lines, Line[] below, int same)
    {
        int letters = 0;
        bool sameColumns = true;
        for (int i = 0; i < same; i++)
        {
            letters += lines[i].Letters;
            sameColumns &= lines[i].Column == below[i].Column;
        }
        if (same == lines.Length)
        {
            return sameColumns || letters >= TellingLine;
        }
        // Where the text goes on otherwise than the file, a line that opens a bracket may have begun something else.
        bool whole = !BlockOpening.Indents(lines[same - 1].Essence, context.Language);
        return sameColumns && whole && letters >= (same == 1 ? TellingLine : TellingLines);
    }

    private readonly record struct Line(int Start, int Length, string Essence, int Letters, int Column)
    {
        public static Line Of(string text, LineSpan line, int tabWidth)
        {
            ReadOnlySpan<char> content = line.Of(text);
            return new Line(
                line.Start,
                line.End - line.Start,
                NearText.Essence(content),
                WordCharacters.Count(content),
                Columns.Of(content, tabWidth)
            );
        }
    }
}
