namespace StableDiffCoder.Lsp.Editing.Syntax;

/// <summary>One line of a text.</summary>
/// <param name="Start">Offset of its first character.</param>
/// <param name="End">Offset of its break, or of the text's end.</param>
/// <param name="Next">Offset of the next line's first character; equal to <paramref name="End"/> on the last line.</param>
internal readonly record struct LineSpan(int Start, int End, int Next)
{
    /// <summary>The lines of a text from an offset on; a text that ends in a break has an empty last line.</summary>
    public static List<LineSpan> Split(string text, int start = 0, int most = int.MaxValue)
    {
        var lines = new List<LineSpan>();
        while (lines.Count < most)
        {
            int length = text.AsSpan(start).IndexOfAny('\r', '\n');
            if (length < 0)
            {
                lines.Add(new LineSpan(start, text.Length, text.Length));
                return lines;
            }
            int end = start + length;
            int next = end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1);
            lines.Add(new LineSpan(start, end, next));
            start = next;
        }
        return lines;
    }

    /// <summary>Offset of the first character of the line that an offset is on.</summary>
    public static int StartOfLine(string text, int offset) => text.AsSpan(0, offset).LastIndexOfAny('\r', '\n') + 1;

    /// <summary>Offset of the break of the line that an offset is on.</summary>
    public static int EndOfLine(string text, int offset)
    {
        int length = text.AsSpan(offset).IndexOfAny('\r', '\n');
        return length < 0 ? text.Length : offset + length;
    }

    /// <summary>The line's characters.</summary>
    public ReadOnlySpan<char> Of(string text) => text.AsSpan(Start, End - Start);

    /// <summary>Whether it holds white space at most.</summary>
    public bool IsBlank(string text) => Of(text).IsWhiteSpace();
}
