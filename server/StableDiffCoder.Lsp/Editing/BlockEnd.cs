using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing;

/// <summary>
/// Where a text of several lines leaves its block: before the first line that is indented less, after one closing line, and not at
/// <c>} else {</c>. A closing line that the file has already behind the cursor is not the text's to write.
/// </summary>
internal sealed class BlockEnd
{
    private readonly EditContext context;
    private readonly CompletionShape shape;
    private readonly bool closedBehind;

    /// <summary>For a place of one shape.</summary>
    public BlockEnd(EditContext context, CompletionShape shape)
    {
        this.context = context;
        this.shape = shape;
        EnclosingBracket? around = context.Surroundings.Brackets.Count > 0 ? context.Surroundings.Brackets[0] : null;
        closedBehind = around is { ClosedBehind: true } && !shape.HeaderOnly;
    }

    /// <summary>Offset in a text at which its block is left; null while it is not.</summary>
    public int? Find(string text)
    {
        List<LineSpan> lines = LineSpan.Split(text);
        IReadOnlyList<LexicalFrame> frames = context.Scan(text).LineFrames;
        int floor = Floor(text, lines[0]);
        int lastEnd = lines[0].End; // of the last line that belongs to the text
        int? closed = null; // column of the closing line, once there is one
        bool braceAllowed = shape.HeaderOnly;
        bool blankBefore = false;
        for (int i = 1; i < lines.Count; i++)
        {
            ReadOnlySpan<char> line = lines[i].Of(text);
            if (line.IsWhiteSpace())
            {
                blankBefore = true;
                continue;
            }
            if (IsFree(frames[i], line))
            {
                lastEnd = lines[i].End;
                continue;
            }
            int column = Columns.Of(line, context.Style.Width);
            ReadOnlySpan<char> content = line.Trim();
            bool goesOn = GoesOn(content);
            if (closed is int closingColumn && !(goesOn && column == closingColumn))
            {
                return lastEnd;
            }
            if (closed is null && column >= floor && !(blankBefore && StartsAnew(column, floor, content)))
            {
                braceAllowed = false;
            }
            else if (closed is not null || (braceAllowed && content[0] == '{' && column == context.BaseColumn))
            {
                braceAllowed = closed is not null;
                closed = null;
            }
            else if (IsClosingLine(content, column, floor) && !closedBehind)
            {
                closed = BlockOpening.Ends(content, context.Language) ? null : column;
            }
            else if (goesOn && column == context.BaseColumn && GoesOnHere())
            {
                braceAllowed = false;
            }
            else
            {
                return lastEnd;
            }
            blankBefore = false;
            lastEnd = lines[i].End;
        }
        return closed is not null && lastEnd < text.Length && !context.Style.BraceOnOwnLine ? lastEnd : null;
    }

    // The column that lines of the block do not go below.
    private int Floor(string text, LineSpan first)
    {
        if (shape.Kind == ShapeKind.Block)
        {
            return context.BaseColumn + 1;
        }
        ReadOnlySpan<char> line = first.Of(text);
        return Columns.Width(line[..Columns.LeadingLength(line)], context.Style.Width, context.BaseColumn);
    }

    // Lines whose white space is not indentation.
    private bool IsFree(LexicalFrame frame, ReadOnlySpan<char> line) =>
        frame.KeepsWhitespace || (context.Language.Has(LiteralForms.Directives) && line[0] == '#');

    // On the file's outermost level nothing is ever indented less; there a text ends where the next declaration begins.
    private static bool StartsAnew(int column, int floor, ReadOnlySpan<char> content) =>
        floor == 0 && column == 0 && !BracketScan.IsClosing(content[0]);

    private bool IsClosingLine(ReadOnlySpan<char> content, int column, int floor) =>
        BracketScan.IsClosing(content[0]) && (shape.Kind == ShapeKind.Block ? column == context.BaseColumn : column < floor);

    private bool GoesOn(ReadOnlySpan<char> content)
    {
        foreach (string word in context.Language.ContinuationWords)
        {
            if (
                content.StartsWith(word, StringComparison.Ordinal)
                && !(content.Length > word.Length && WordCharacters.IsWord(content[word.Length]))
            )
            {
                return true;
            }
        }
        return false;
    }

    // Python: an else belongs to an if, not to a def.
    private bool GoesOnHere()
    {
        string[] openers = ["if ", "elif ", "for ", "while ", "try", "except", "else", "with "];
        string line = context.LinePrefix.TrimStart();
        return context.Language.BlocksByIndentation
            && shape.Kind == ShapeKind.Block
            && openers.Any(opener => line.StartsWith(opener, StringComparison.Ordinal));
    }
}
