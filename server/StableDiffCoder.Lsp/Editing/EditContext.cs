using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing;

/// <summary>
/// A place in a file where text is to be put, and what the rules want to know of it. Everything that costs time is found when first asked for,
/// and once. Immutable.
/// </summary>
internal sealed class EditContext
{
    private readonly Lazy<FileStyle> style;
    private readonly Lazy<Surroundings> surroundings;
    private readonly Lazy<CompletionShape> shape;

    /// <summary>A place. Offsets outside the text are clamped.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="languageId">The client's name of its language.</param>
    /// <param name="cursor">Offset of the cursor.</param>
    /// <param name="replaced">What the new text stands for; null for an insertion at the cursor.</param>
    /// <param name="options">Which suggestions are welcome.</param>
    public EditContext(string text, string languageId, int cursor, TextSpan? replaced = null, EditingOptions? options = null)
    {
        Text = text;
        Language = LanguageSyntax.Of(languageId);
        Cursor = Math.Clamp(cursor, 0, text.Length);
        TextSpan span = replaced ?? new TextSpan(Cursor, 0);
        int start = Math.Clamp(span.Start, 0, text.Length);
        Replaced = new TextSpan(start, Math.Clamp(span.Length, 0, text.Length - start));
        Options = options ?? new EditingOptions();
        LinePrefix = text[LineSpan.StartOfLine(text, Replaced.Start)..Replaced.Start];
        LineSuffix = text[Replaced.End..LineSpan.EndOfLine(text, Replaced.End)];
        style = new Lazy<FileStyle>(() => FileStyle.Of(Text, Language));
        surroundings = new Lazy<Surroundings>(() => Surroundings.Of(this));
        shape = new Lazy<CompletionShape>(() => CompletionShape.Of(this));
    }

    /// <value>The whole file.</value>
    public string Text { get; }

    /// <value>The rules of its language.</value>
    public LanguageSyntax Language { get; }

    /// <value>Offset of the cursor.</value>
    public int Cursor { get; }

    /// <value>What the new text stands for.</value>
    public TextSpan Replaced { get; }

    /// <value>Which suggestions are welcome.</value>
    public EditingOptions Options { get; }

    /// <value>Whether the user asked for it; then short texts are welcome too.</value>
    public bool Invoked { get; init; }

    /// <value>The entry that is selected in the editor's own list; the new text must begin with it. Null when there is none.</value>
    public string? Selected { get; init; }

    /// <value>The line up to the replaced span.</value>
    public string LinePrefix { get; }

    /// <value>The line from the replaced span on, without its break.</value>
    public string LineSuffix { get; }

    /// <value>How the file is written.</value>
    public FileStyle Style => style.Value;

    /// <value>What the place is in.</value>
    public Surroundings Surroundings => surroundings.Value;

    /// <value>How much text is wanted.</value>
    public CompletionShape Shape => shape.Value;

    /// <value>Whether nothing but white space stands before the place on its line.</value>
    public bool IsAtLineStart => string.IsNullOrWhiteSpace(LinePrefix);

    /// <value>Whether nothing but white space stands behind the place on its line.</value>
    public bool IsAtLineEnd => string.IsNullOrWhiteSpace(LineSuffix);

    /// <value>Column of the first character of the place's line, or of the place itself where only white space stands before it.</value>
    public int BaseColumn => Columns.Of(LinePrefix, Style.Width);

    /// <summary>Indentation of the line that an offset is on, in columns.</summary>
    public int ColumnOfLineAt(int offset)
    {
        int start = LineSpan.StartOfLine(Text, offset);
        return Columns.Of(Text.AsSpan(start, LineSpan.EndOfLine(Text, offset) - start), Style.Width);
    }

    /// <summary>The nearest lines above the place's line that are not blank, nearest first.</summary>
    public IEnumerable<LineSpan> LinesAbove()
    {
        int start = Replaced.Start - LinePrefix.Length;
        while (start > 0)
        {
            int end = start - (start > 1 && Text[start - 1] == '\n' && Text[start - 2] == '\r' ? 2 : 1);
            var line = new LineSpan(LineSpan.StartOfLine(Text, end), end, start);
            start = line.Start;
            if (!line.IsBlank(Text))
            {
                yield return line;
            }
        }
    }

    /// <summary>The nearest lines below the place's line that are not blank, nearest first.</summary>
    public IEnumerable<LineSpan> LinesBelow()
    {
        int start = Replaced.End + LineSuffix.Length;
        bool first = true;
        while (start < Text.Length)
        {
            LineSpan line = LineSpan.Split(Text, start, 1)[0];
            // The first of them is the rest of the place's own line.
            if (!first && !line.IsBlank(Text))
            {
                yield return line;
            }
            first = false;
            start = line.Next == line.Start ? Text.Length : line.Next;
        }
    }

    /// <summary>Scans a new text as if it stood in the file: brackets, and what its end is in. Offsets are those of the new text.</summary>
    public NewTextScan Scan(string newText) => NewTextScan.Of(this, newText);
}
