namespace StableDiffCoder.Lsp.Editing.Syntax;

/// <summary>Literals and lines of a language beyond plain strings with backslash escapes.</summary>
[Flags]
internal enum LiteralForms
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary>C#: <c>@"…"</c>, where <c>""</c> is a quote and line breaks are allowed.</summary>
    Verbatim = 1,

    /// <summary>C#: <c>"""…"""</c> of three or more quotes.</summary>
    RawQuotes = 2,

    /// <summary>C#: <c>$"{hole}"</c>, in every form of string.</summary>
    Interpolated = 4,

    /// <summary>JavaScript: <c>`${hole}`</c>, over several lines.</summary>
    Template = 8,

    /// <summary>Python: <c>'''…'''</c> and <c>"""…"""</c>.</summary>
    TripleQuotes = 16,

    /// <summary>Python: <c>f"{hole}"</c>, in single and triple quotes.</summary>
    FormatPrefix = 32,

    /// <summary>JavaScript: <c>/…/</c> where an operand is expected. Told from division by what stands before: best effort.</summary>
    RegularExpression = 64,

    /// <summary>An apostrophe starts a literal only when it ends behind one character: <c>'a'</c> but not Rust's <c>&amp;'a</c>.</summary>
    CharacterQuote = 128,

    /// <summary>C, C#: a line that starts with <c>#</c> holds no strings.</summary>
    Directives = 256,

    /// <summary>A backslash before a line break continues a string on the next line.</summary>
    LineContinuation = 512,

    /// <summary>Go, Rust and shells: a plain string may span lines.</summary>
    MultiLineStrings = 1024,

    /// <summary>Go: <c>`…`</c> over several lines, without escapes.</summary>
    RawBacktick = 2048,

    /// <summary>Shells, YAML: a comment sign counts only at a word's start, so that <c>$#</c> and <c>a#b</c> are code.</summary>
    SpacedComments = 4096,
}
