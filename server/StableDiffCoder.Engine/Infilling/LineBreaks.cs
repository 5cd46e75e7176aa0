namespace StableDiffCoder.Engine.Infilling;

/// <summary>Where a text may be cut: line starts, and places that no character straddles.</summary>
internal static class LineBreaks
{
    /// <summary>Whether a line starts at <paramref name="offset"/>: at 0, behind a line feed, or behind a lone carriage return.</summary>
    public static bool IsLineStart(string text, int offset) =>
        offset == 0 || text[offset - 1] == '\n' || (text[offset - 1] == '\r' && (offset == text.Length || text[offset] != '\n'));

    /// <summary>The first line start at or after <paramref name="offset"/>; null when no line starts there before the end.</summary>
    public static int? NextLineStart(string text, int offset)
    {
        for (int i = offset; i < text.Length; i++)
        {
            if (IsLineStart(text, i))
            {
                return i;
            }
        }
        return null;
    }

    /// <summary>The last line start at or before <paramref name="offset"/>, above 0; null when there is none.</summary>
    public static int? PreviousLineStart(string text, int offset)
    {
        for (int i = offset; i > 0; i--)
        {
            if (IsLineStart(text, i))
            {
                return i;
            }
        }
        return null;
    }

    /// <summary>The text with LF where its lines end in a lone CR, as those of no other line end do; offsets stay.</summary>
    public static string WithLineFeeds(string text) => EndsInReturns(text) ? text.Replace('\r', '\n') : text;

    /// <summary>Whether a text's lines end in a lone carriage return: LSP counts it as a line end.</summary>
    public static bool EndsInReturns(string text) =>
        text.Contains('\r', StringComparison.Ordinal) && !text.Contains('\n', StringComparison.Ordinal);

    /// <summary>Whether cutting at <paramref name="offset"/> would part a surrogate pair, or a carriage return from its line feed.</summary>
    public static bool IsInsideCharacter(string text, int offset) =>
        offset > 0
        && offset < text.Length
        && (char.IsSurrogatePair(text[offset - 1], text[offset]) || (text[offset - 1] == '\r' && text[offset] == '\n'));
}
