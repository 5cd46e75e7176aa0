namespace StableDiffCoder.Cli.Infilling;

/// <summary>Where the lines of a text are. Lines end with LF, CR LF or CR, as in the Language Server Protocol.</summary>
internal sealed class LineMap
{
    private readonly string text;
    private readonly List<int> starts = [0];

    /// <summary>Finds the lines.</summary>
    public LineMap(string text)
    {
        this.text = text;
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                starts.Add(i + 1);
            }
        }
    }

    /// <summary>Number of lines, at least 1; a final line end opens one more.</summary>
    public int Count => starts.Count;

    /// <summary>Offset of a line's first code unit.</summary>
    /// <param name="line">From 0.</param>
    public int Start(int line) => starts[line];

    /// <summary>Code units of a line, its end not counted.</summary>
    /// <param name="line">From 0.</param>
    public int Length(int line)
    {
        int end = line + 1 < starts.Count ? starts[line + 1] : text.Length;
        while (end > starts[line] && text[end - 1] is '\n' or '\r')
        {
            end--;
        }
        return end - starts[line];
    }

    /// <summary>The line and character, both from 0, of an offset.</summary>
    public (int Line, int Character) PositionAt(int offset)
    {
        int index = starts.BinarySearch(offset);
        int line = index >= 0 ? index : ~index - 1;
        return (line, offset - starts[line]);
    }
}
