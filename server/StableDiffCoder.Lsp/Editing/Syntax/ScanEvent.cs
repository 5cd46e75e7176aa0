namespace StableDiffCoder.Lsp.Editing.Syntax;

/// <summary>What a scan came upon.</summary>
internal enum ScanEventKind
{
    /// <summary>Nothing more.</summary>
    End,

    /// <summary>An opening bracket of code.</summary>
    Open,

    /// <summary>A closing bracket of code.</summary>
    Close,

    /// <summary>The start of a string or comment.</summary>
    LiteralStart,

    /// <summary>The end of a string or comment by its closing sign.</summary>
    LiteralEnd,

    /// <summary>The first character of a line.</summary>
    LineStart,
}

/// <summary>Something in a text.</summary>
/// <param name="Kind">What.</param>
/// <param name="Offset">Where.</param>
/// <param name="Symbol">The bracket; else the first character.</param>
internal readonly record struct ScanEvent(ScanEventKind Kind, int Offset, char Symbol);
