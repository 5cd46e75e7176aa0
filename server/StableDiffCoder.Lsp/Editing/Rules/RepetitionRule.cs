using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>
/// A model that has lost its way says things twice: the lines just above the cursor, its own lines, or a piece of a line again and again. The
/// first is dropped, of the others one is kept.
/// </summary>
internal sealed class RepetitionRule : IEditingRule
{
    private const int MostLinesAbove = 8;
    private const int TellingLetters = 8;
    private const int TellingPair = 16;

    /// <inheritdoc />
    public string Name => "Repetition";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft)
    {
        string text = LineLoop.Cut(draft.Text);
        List<LineSpan> lines = [.. LineSpan.Split(text).Where(line => !line.IsBlank(text))];
        string[] essences = [.. lines.Select(line => NearText.Essence(line.Of(text)))];
        int kept = OwnRepetition(essences);
        if (kept < lines.Count)
        {
            text = text[..lines[kept - 1].End];
        }
        int repeated = RepeatedFromAbove(context, text, essences[..kept]);
        if (repeated == kept && repeated > 0)
        {
            return RuleOutcome.Silence("it repeats the lines above the cursor");
        }
        if (repeated > 0)
        {
            // What stays begins where the repetition did.
            int start = lines[0].Start;
            text = text[..start] + text[(lines[repeated].Start + (start == 0 ? Columns.LeadingLength(lines[repeated].Of(text)) : 0))..];
        }
        return RuleOutcome.Keep(draft with { Text = text });
    }

    /// <summary>How many lines stay when lines that repeat the lines before them go.</summary>
    private static int OwnRepetition(string[] lines)
    {
        for (int start = 0; start < lines.Length; start++)
        {
            for (int period = 1; start + (2 * period) <= lines.Length; period++)
            {
                int end = start + period;
                while (end < lines.Length && lines[end] == lines[end - period])
                {
                    end++;
                }
                int times = (end - start) / period;
                int letters = lines[start..(start + period)].Sum(line => WordCharacters.Count(line));
                bool loop = times >= 3 && letters >= 3;
                bool pair = times == 2 && letters >= TellingPair && end == lines.Length;
                if (loop || pair)
                {
                    return start + period;
                }
            }
        }
        return lines.Length;
    }

    /// <summary>How many of the first lines say what the last lines above the cursor say.</summary>
    private static int RepeatedFromAbove(EditContext context, string text, string[] lines)
    {
        if (lines.Length == 0)
        {
            return 0;
        }
        bool startsLine = text[0] is '\r' or '\n';
        var above = context.LinesAbove().Take(MostLinesAbove).Select(line => NearText.Essence(line.Of(context.Text))).Reverse().ToList();
        string[] whole = [.. lines];
        if (startsLine && !context.IsAtLineStart)
        {
            above.Add(NearText.Essence(context.LinePrefix));
        }
        else
        {
            whole[0] = NearText.Essence(context.LinePrefix + FirstLine(text));
        }
        for (int count = Math.Min(whole.Length, above.Count); count > 0; count--)
        {
            bool same = whole.Take(count).SequenceEqual(above.TakeLast(count));
            // Part of the cursor's own line cannot be dropped alone.
            bool droppable = count == whole.Length || startsLine || context.IsAtLineStart;
            if (same && droppable && whole.Take(count).Sum(line => WordCharacters.Count(line)) >= TellingLetters)
            {
                return count;
            }
        }
        return 0;
    }

    private static string FirstLine(string text)
    {
        int lineBreak = text.AsSpan().IndexOfAny('\r', '\n');
        return lineBreak < 0 ? text : text[..lineBreak];
    }
}
