using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>How the columns of a text's later lines become the file's: measured from one column, scaled by the step, laid on another.</summary>
/// <param name="From">Column that the model measured from.</param>
/// <param name="To">Column of the file in its place.</param>
/// <param name="ModelStep">Columns of a step as the model wrote it.</param>
/// <param name="FileStep">Columns of a step in the file.</param>
internal readonly record struct IndentationShift(int From, int To, int ModelStep, int FileStep)
{
    private const int WidestStep = 8;
    private static readonly IndentationShift None = new(0, 0, 1, 1);

    /// <summary>The new column of a line.</summary>
    public int Apply(int column)
    {
        int steps = (int)Math.Floor((column - From) / (double)ModelStep);
        int rest = column - From - (steps * ModelStep);
        return Math.Max(0, To + (steps * FileStep) + rest);
    }

    /// <summary>Whether a line's white space is not to be touched: it is a string's, or the line is blank or a directive.</summary>
    public static bool IsFixed(EditContext context, LexicalFrame frame, ReadOnlySpan<char> line) =>
        frame.KeepsWhitespace || line.IsWhiteSpace() || (line[0] == '#' && context.Language.Has(LiteralForms.Directives));

    /// <summary>Reads off a text's lines how its columns differ from the file's.</summary>
    /// <param name="context">Where the text goes.</param>
    /// <param name="text">The text.</param>
    /// <param name="lines">Its lines.</param>
    /// <param name="frames">What each begins in.</param>
    /// <param name="modelColumn">Column of the first line as the model wrote it.</param>
    /// <param name="column">Column of the first line as it will be.</param>
    public static IndentationShift Find(
        EditContext context,
        string text,
        List<LineSpan> lines,
        IReadOnlyList<LexicalFrame> frames,
        int modelColumn,
        int column
    )
    {
        int[] later = [.. Enumerable.Range(1, lines.Count - 1).Where(i => !IsFixed(context, frames[i], lines[i].Of(text)))];
        if (later.Length == 0)
        {
            return None;
        }
        int width = context.Style.Width;
        int next = Columns.Of(lines[later[0]].Of(text), width);
        string firstLine = string.Concat(context.LinePrefix, lines[0].Of(text));
        bool opens = BlockOpening.Ends(firstLine, context.Language);
        char start = lines[later[0]].Of(text).TrimStart()[0];
        if (context.Shape.HeaderOnly && start == '{' && lines[0].IsBlank(text))
        {
            return new IndentationShift(next, column, StepOf(context, text, lines, later) ?? width, width);
        }
        if (opens && BracketScan.IsClosing(start))
        {
            return new IndentationShift(next, column, 1, 1);
        }
        if (opens)
        {
            int step = next - modelColumn;
            if (next == column + width || (step > 0 && step <= WidestStep && !context.Style.IsShown))
            {
                return None;
            }
            // At or left of the line that opens the block: the model counts from another column.
            return step is > 0 and <= WidestStep
                ? new IndentationShift(modelColumn, column, step, width)
                : new IndentationShift(next, column + width, StepOf(context, text, lines, later) ?? width, width);
        }
        int from = next == modelColumn ? modelColumn : column;
        return StepOf(context, text, lines, later) is int own && own != width && context.Style.IsShown
            ? new IndentationShift(from, column, own, width)
            : new IndentationShift(from, column, 1, 1);
    }

    /// <summary>The step from the first line that opens a block to the line behind it; null when no line shows it.</summary>
    private static int? StepOf(EditContext context, string text, List<LineSpan> lines, int[] later)
    {
        int before = -1;
        foreach (int i in later)
        {
            ReadOnlySpan<char> line = lines[i].Of(text);
            int column = Columns.Of(line, context.Style.Width);
            if (before >= 0 && column - before is > 0 and <= WidestStep && !BracketScan.IsClosing(line.TrimStart()[0]))
            {
                return column - before;
            }
            before = BlockOpening.Ends(line, context.Language) ? column : -1;
        }
        return null;
    }
}
