using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing;

/// <summary>A bracket that is open at the cursor.</summary>
/// <param name="Symbol">The opening bracket.</param>
/// <param name="Offset">Where it is.</param>
/// <param name="Column">Indentation of its line, in columns.</param>
/// <param name="ClosedBehind">Whether the text behind the cursor closes it.</param>
/// <param name="ClosedOnLine">Whether it does so on the cursor's line.</param>
internal sealed record EnclosingBracket(char Symbol, int Offset, int Column, bool ClosedBehind, bool ClosedOnLine);

/// <summary>What a place in a file is in: string, comment or code, and which brackets.</summary>
internal sealed class Surroundings
{
    // Brackets further out than this have no say in an edit.
    private const int MostBrackets = 64;

    private Surroundings(
        LexicalFrame before,
        LexicalFrame behind,
        IReadOnlyList<EnclosingBracket> brackets,
        string spareClosers,
        bool exact
    )
    {
        Before = before;
        Behind = behind;
        Brackets = brackets;
        SpareClosers = spareClosers;
        IsExact = exact;
    }

    /// <value>What the start of the replaced span is in.</value>
    public LexicalFrame Before { get; }

    /// <value>What the end of the replaced span is in, by the text as it is.</value>
    public LexicalFrame Behind { get; }

    /// <value>The open brackets, innermost first.</value>
    public IReadOnlyList<EnclosingBracket> Brackets { get; }

    /// <value>Closing brackets behind the place that close nothing.</value>
    public string SpareClosers { get; }

    /// <value>Whether the file was read from its start.</value>
    public bool IsExact { get; }

    /// <summary>Reads a file around a span of it.</summary>
    public static Surroundings Of(EditContext context)
    {
        string text = context.Text;
        int start = context.Replaced.Start;
        int from = text.Length <= context.Options.ExactLength ? 0 : Math.Max(0, start - context.Options.LookBack);
        from = LineSpan.StartOfLine(text, from);
        BracketScan before = BracketScan.Of(context.Language, text, from, start, LexicalFrame.File);
        LexicalFrame behind = LexicalScanner.FrameAt(context.Language, text, start, context.Replaced.End, before.Frame);
        int until = (int)Math.Min(text.Length, context.Replaced.End + (long)context.Options.LookAhead);
        BracketScan after = BracketScan.Of(context.Language, text, context.Replaced.End, until, behind, MostBrackets + 8);
        Bracket[] open = [.. before.Unclosed.TakeLast(MostBrackets)];
        (List<EnclosingBracket> brackets, string spare) = Pair(context, open, after.Unopened);
        return new Surroundings(before.Frame, behind, brackets, spare, from == 0);
    }

    /// <summary>Finds for each open bracket, from the innermost out, whether a bracket behind the cursor is its own.</summary>
    private static (List<EnclosingBracket> Brackets, string Spare) Pair(EditContext context, Bracket[] open, IReadOnlyList<Bracket> closers)
    {
        var paired = new List<EnclosingBracket>();
        int endOfLine = context.Replaced.End + context.LineSuffix.Length;
        string spare = "";
        int next = 0;
        for (int i = open.Length - 1; i >= 0; i--)
        {
            int column = context.ColumnOfLineAt(open[i].Offset);
            // A closing bracket that nothing opened is skipped, so that it does not count for the brackets further out.
            while (next < closers.Count && !open.Take(i + 1).Any(bracket => BracketScan.Closing(bracket.Symbol) == closers[next].Symbol))
            {
                spare += closers[next].Symbol;
                next++;
            }
            bool closed =
                next < closers.Count
                && BracketScan.Closing(open[i].Symbol) == closers[next].Symbol
                && !BelongsFurtherOut(context, closers[next], column);
            paired.Add(new EnclosingBracket(open[i].Symbol, open[i].Offset, column, closed, closed && closers[next].Offset < endOfLine));
            next += closed ? 1 : 0;
        }
        spare += string.Concat(closers.Skip(next).Select(closer => closer.Symbol));
        return (paired, spare);
    }

    // A closing bracket that begins a line further left than the opening one's line does closes something else.
    private static bool BelongsFurtherOut(EditContext context, Bracket closer, int column)
    {
        int lineStart = LineSpan.StartOfLine(context.Text, closer.Offset);
        bool beginsLine = lineStart >= context.Replaced.End && context.Text.AsSpan(lineStart, closer.Offset - lineStart).IsWhiteSpace();
        return beginsLine && context.ColumnOfLineAt(closer.Offset) < column;
    }
}
