using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Documents;

/// <summary>
/// Line and UTF-16 character ↔ offset of one text. Lines end at \n, \r\n or \r and nowhere else (U+0085 and U+2028 stand inside lines).
/// Positions outside are clamped as the editors' own documents do (npm vscode-languageserver-textdocument): a line past the end is the end of
/// the text, a character past the end of a line is the end of that line before its break.
/// </summary>
internal sealed class LineMap
{
    private readonly string text;
    private readonly int[] starts;

    /// <summary>Finds the lines of a text.</summary>
    public LineMap(string text)
    {
        this.text = text;
        starts = FindStarts(text);
    }

    /// <summary>Number of lines; a text that ends in a line break has an empty last line, and the empty text has one line.</summary>
    public int Count => starts.Length;

    /// <summary>Offset of a position, clamped.</summary>
    public int OffsetAt(Position position)
    {
        if (position.Line >= starts.Length)
        {
            return text.Length;
        }
        if (position.Line < 0)
        {
            return 0;
        }
        int start = starts[position.Line];
        return position.Character <= 0 ? start : (int)Math.Min((long)start + position.Character, EndOfLine(position.Line));
    }

    /// <summary>Position of an offset, clamped to the text; inside a \r\n it is the place before it.</summary>
    public Position PositionAt(int offset)
    {
        offset = Math.Clamp(offset, 0, text.Length);
        int line = LineOf(offset);
        return new Position { Line = line, Character = Math.Min(offset, EndOfLine(line)) - starts[line] };
    }

    /// <summary>The 0-based line that an offset is on.</summary>
    public int LineOf(int offset)
    {
        int found = Array.BinarySearch(starts, offset);
        return found >= 0 ? found : ~found - 1;
    }

    /// <summary>Offset of a line's first character.</summary>
    public int StartOfLine(int line) => starts[line];

    /// <summary>Offset of a line's break, or of the text's end on the last line.</summary>
    public int EndOfLine(int line)
    {
        int end = line + 1 < starts.Length ? starts[line + 1] : text.Length;
        while (end > starts[line] && text[end - 1] is '\n' or '\r')
        {
            end--;
        }
        return end;
    }

    /// <summary>The span of a range, each end clamped; ends in the wrong order are swapped.</summary>
    public TextSpan SpanOf(TextRange range)
    {
        int start = OffsetAt(range.Start);
        int end = OffsetAt(range.End);
        return new TextSpan(Math.Min(start, end), Math.Abs(end - start));
    }

    /// <summary>The range of a span.</summary>
    public TextRange RangeOf(TextSpan span) => new() { Start = PositionAt(span.Start), End = PositionAt(span.End) };

    private static int[] FindStarts(string text)
    {
        var found = new List<int> { 0 };
        int from = 0;
        while (text.AsSpan(from).IndexOfAny('\r', '\n') is >= 0 and int next)
        {
            from += next;
            from += text[from] == '\r' && from + 1 < text.Length && text[from + 1] == '\n' ? 2 : 1;
            found.Add(from);
        }
        return [.. found];
    }
}
