using System.Text;
using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>
/// Lines are indented as the file does it: by tabs or blanks, by its step, from the column where the text stands. The text of strings over
/// several lines is left alone.
/// </summary>
internal sealed class FitIndentationRule : IEditingRule
{
    /// <inheritdoc />
    public string Name => "FitIndentation";

    /// <inheritdoc />
    public RuleOutcome Apply(EditContext context, Draft draft)
    {
        LexicalFrame before = context.Surroundings.Before;
        if (before.IsString || before.IsComment || draft.Text.Length == 0)
        {
            return RuleOutcome.Keep(draft);
        }
        string text = draft.Text;
        List<LineSpan> lines = LineSpan.Split(text);
        IReadOnlyList<LexicalFrame> frames = context.Scan(text).LineFrames;
        ReadOnlySpan<char> first = lines[0].Of(text);
        int modelColumn = ModelColumn(context, first);
        int column = context.IsAtLineStart && !first.IsWhiteSpace() ? FirstColumn(context, first, modelColumn) : modelColumn;
        var fitted = new StringBuilder();
        fitted.Append(column == modelColumn ? first : string.Concat(Reach(context, column), first.TrimStart(" \t")));
        IndentationShift shift = IndentationShift.Find(context, text, lines, frames, modelColumn, column);
        for (int i = 1; i < lines.Count; i++)
        {
            fitted.Append(text, lines[i - 1].End, lines[i - 1].Next - lines[i - 1].End);
            ReadOnlySpan<char> line = lines[i].Of(text);
            fitted.Append(IndentationShift.IsFixed(context, frames[i], line) ? line : Fit(context, line, shift));
        }
        return RuleOutcome.Keep(draft with { Text = fitted.ToString() });
    }

    private static string Fit(EditContext context, ReadOnlySpan<char> line, IndentationShift shift)
    {
        ReadOnlySpan<char> whitespace = line[..Columns.LeadingLength(line)];
        int old = Columns.Width(whitespace, context.Style.Width);
        int column = shift.Apply(old);
        bool right = column == old && context.Style.Writes(whitespace);
        return right ? line.ToString() : string.Concat(context.Style.Indent(column), line[whitespace.Length..]);
    }

    // The column at which the text's first line would begin as the model wrote it.
    private static int ModelColumn(EditContext context, ReadOnlySpan<char> first) =>
        context.IsAtLineStart && !first.IsWhiteSpace()
            ? Columns.Width(first[..Columns.LeadingLength(first)], context.Style.Width, context.BaseColumn)
            : context.BaseColumn;

    /// <summary>The column at which it should begin, on a line with white space at most before it.</summary>
    private static int FirstColumn(EditContext context, ReadOnlySpan<char> first, int modelColumn)
    {
        int here = context.BaseColumn;
        int expected = ExpectedColumn(context);
        if (modelColumn > here)
        {
            // The model repeats the white space before the cursor, or it supplies what is missing.
            return modelColumn == expected || (here == 0 && expected > 0) ? expected : here;
        }
        bool unindented = context.LinePrefix.Length == 0 && expected > 0 && !context.Language.BlocksByIndentation;
        bool inBlock = context.Surroundings.Brackets is [{ Symbol: '{' } around, ..] && around.Column < expected;
        return unindented && inBlock && !BracketScan.IsClosing(first[0]) && first[0] != '#' ? expected : modelColumn;
    }

    private static int ExpectedColumn(EditContext context)
    {
        foreach (LineSpan above in context.LinesAbove())
        {
            ReadOnlySpan<char> line = above.Of(context.Text);
            if (line[0] != '#' || !context.Language.Has(LiteralForms.Directives))
            {
                int column = Columns.Of(line, context.Style.Width);
                return BlockOpening.Ends(line, context.Language) ? column + context.Style.Width : column;
            }
        }
        return 0;
    }

    // White space from the cursor to a column.
    private static string Reach(EditContext context, int column)
    {
        int distance = Math.Max(0, column - context.BaseColumn);
        bool onStep = context.BaseColumn % context.Style.Width == 0;
        return onStep ? context.Style.Indent(distance) : new string(' ', distance);
    }
}
