using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing;

/// <summary>How much text a place wants.</summary>
internal enum ShapeKind
{
    /// <summary>The rest of a line.</summary>
    Line,

    /// <summary>The body of the block that the line before the cursor opens, to the block's end.</summary>
    Block,

    /// <summary>Lines of the block around a blank line, until one is indented less.</summary>
    Lines,
}

/// <summary>How much text a place wants, and where a growing text is enough.</summary>
internal sealed class CompletionShape
{
    private static readonly string[] TypeWords = ["class", "struct", "interface", "enum", "record", "namespace"];
    private readonly EditContext context;

    private CompletionShape(EditContext context, ShapeKind kind, bool headerOnly)
    {
        this.context = context;
        Kind = kind;
        HeaderOnly = headerOnly;
        StopStrings = kind == ShapeKind.Line ? ["\n"] : [.. BlockStops(context, kind)];
    }

    /// <value>One line or many.</value>
    public ShapeKind Kind { get; }

    /// <value>The line before the cursor announces a block, whose brace goes on the next line.</value>
    public bool HeaderOnly { get; }

    /// <value>Strings before which every text of this shape ends; for the sampler, so that nothing is denoised in vain.</value>
    public IReadOnlyList<string> StopStrings { get; }

    /// <summary>What a place wants: code behind it asks for the rest of the line, an opened block for its body, a blank line for lines.</summary>
    public static CompletionShape Of(EditContext context)
    {
        if (context.Surroundings.Before is { IsString: true } or { IsComment: true })
        {
            return new CompletionShape(context, ShapeKind.Line, false);
        }
        if (BlockOpening.Ends(context.LinePrefix, context.Language) && (context.IsAtLineEnd || ClosesAtOnce(context)))
        {
            return new CompletionShape(context, ShapeKind.Block, false);
        }
        if (!context.IsAtLineEnd)
        {
            return new CompletionShape(context, ShapeKind.Line, false);
        }
        if (context.IsAtLineStart)
        {
            return new CompletionShape(context, ShapeKind.Lines, false);
        }
        bool header = AnnouncesBlock(context);
        return new CompletionShape(context, header ? ShapeKind.Block : ShapeKind.Line, header);
    }

    /// <summary>Where a text is enough.</summary>
    /// <param name="text">The text so far.</param>
    /// <returns>Offset in the text at which it ends; null while it may go on.</returns>
    public int? EndOf(string text)
    {
        if (Kind != ShapeKind.Line)
        {
            return new BlockEnd(context, this).Find(text);
        }
        int lineBreak = text.AsSpan().IndexOfAny('\r', '\n');
        return lineBreak < 0 ? null : lineBreak;
    }

    // {|} and foo(() => {|}); the editor closed what was opened, so the block is still to be written.
    private static bool ClosesAtOnce(EditContext context)
    {
        string rest = context.LineSuffix.Trim();
        return rest[0] == '}' && rest.AsSpan().IndexOfAnyExcept(")]};,") < 0;
    }

    private static bool AnnouncesBlock(EditContext context)
    {
        string line = context.LinePrefix.Trim();
        string head = line.Split('(')[0];
        if (!context.Style.BraceOnOwnLine || head.AsSpan().ContainsAny("{};=") || BlockOpening.HasOpenParenthesis(context))
        {
            return false;
        }
        int word = line.AsSpan().IndexOfAnyExceptInRange('a', 'z');
        bool header =
            context.Language.HeaderWords.Contains(word < 0 ? line : line[..word])
            && (word < 0 || line.EndsWith(')') || head.Split(' ').Any(TypeWords.Contains));
        LineSpan? below = context.LinesBelow().Select(found => (LineSpan?)found).FirstOrDefault();
        return header && !(below is LineSpan next && next.Of(context.Text).TrimStart().StartsWith("{"));
    }

    private static IEnumerable<string> BlockStops(EditContext context, ShapeKind kind)
    {
        yield return "\n\n\n";
        EnclosingBracket? around = context.Surroundings.Brackets.FirstOrDefault(bracket => bracket.Symbol == '{');
        if (around is { ClosedBehind: true })
        {
            yield return "\n" + context.Style.Indent(around.Column) + "}";
        }
        if (context.Language.BlocksByIndentation && kind == ShapeKind.Block)
        {
            string outer = "\n" + context.Style.Indent(context.BaseColumn);
            yield return outer + "def ";
            yield return outer + "class ";
            yield return outer + "@";
        }
    }
}
