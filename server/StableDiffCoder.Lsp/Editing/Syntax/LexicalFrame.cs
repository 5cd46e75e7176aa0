namespace StableDiffCoder.Lsp.Editing.Syntax;

/// <summary>What a stretch of text is.</summary>
internal enum LexicalKind
{
    /// <summary>Code; inside a string's frame, the code of an interpolation hole.</summary>
    Code,

    /// <summary>A comment up to the end of its line.</summary>
    LineComment,

    /// <summary>A comment between delimiters.</summary>
    BlockComment,

    /// <summary>A preprocessor line.</summary>
    Directive,

    /// <summary>A string that ends at the latest with its line.</summary>
    LineString,

    /// <summary>A string over any number of lines, whose text is taken as it stands.</summary>
    MultiLineString,

    /// <summary>A C# raw string: over several lines, and indented with the code around it.</summary>
    RawString,
}

/// <summary>Where a scan is: a stack of what has been opened and not closed. Immutable, so a scan may go on from it several times.</summary>
/// <param name="Kind">What the innermost is.</param>
/// <param name="Outer">What it stands in; null for the file's code.</param>
internal sealed record LexicalFrame(LexicalKind Kind, LexicalFrame? Outer)
{
    /// <summary>The file's own code.</summary>
    public static readonly LexicalFrame File = new(LexicalKind.Code, null);

    /// <value>What ends it: a quote repeated, or a comment's sign.</value>
    public string Close { get; init; } = "";

    /// <value>Whether a backslash takes the next character's meaning away.</value>
    public bool Escapes { get; init; }

    /// <value>Whether the closing sign twice stands for itself.</value>
    public bool DoubledClose { get; init; }

    /// <value>What opens a hole with code in it; empty for none. A repeated brace is a brace, unless it is a raw string's.</value>
    public string Hole { get; init; } = "";

    /// <value>Braces open in a hole; in a regular expression 1 within a character class.</value>
    public int Depth { get; init; }

    /// <summary>Within a comment.</summary>
    public bool IsComment => Kind is LexicalKind.LineComment or LexicalKind.BlockComment;

    /// <summary>Within a string, and not in a hole of it.</summary>
    public bool IsString => Kind is LexicalKind.LineString or LexicalKind.MultiLineString or LexicalKind.RawString;

    /// <summary>In the hole of a string.</summary>
    public bool IsHole => Kind == LexicalKind.Code && Outer is not null;

    /// <summary>Whether the next line begins within it: a text of several lines whose white space is not indentation.</summary>
    public bool KeepsWhitespace => Kind == LexicalKind.MultiLineString;

    /// <summary>What is left of it when its line ends.</summary>
    public LexicalFrame AtLineEnd()
    {
        LexicalFrame frame = this;
        while (frame.Outer is LexicalFrame outer && (frame.EndsWithLine || (frame.IsHole && outer.EndsWithLine)))
        {
            frame = outer;
        }
        return frame;
    }

    private bool EndsWithLine => Kind is LexicalKind.LineComment or LexicalKind.Directive or LexicalKind.LineString;
}
