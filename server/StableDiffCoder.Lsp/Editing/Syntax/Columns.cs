namespace StableDiffCoder.Lsp.Editing.Syntax;

/// <summary>Indentation counted in columns.</summary>
internal static class Columns
{
    /// <summary>Number of blanks and tabs that a line starts with.</summary>
    public static int LeadingLength(ReadOnlySpan<char> line)
    {
        int length = line.IndexOfAnyExcept(' ', '\t');
        return length < 0 ? line.Length : length;
    }

    /// <summary>Column that white space reaches; a tab goes on to the next multiple of its width.</summary>
    public static int Width(ReadOnlySpan<char> whitespace, int tabWidth, int from = 0)
    {
        int column = from;
        foreach (char symbol in whitespace)
        {
            column += symbol == '\t' ? tabWidth - (column % tabWidth) : 1;
        }
        return column;
    }

    /// <summary>Column of a line's first other character.</summary>
    public static int Of(ReadOnlySpan<char> line, int tabWidth) => Width(line[..LeadingLength(line)], tabWidth);
}
