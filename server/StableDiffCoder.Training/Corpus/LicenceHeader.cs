using System.Text.RegularExpressions;

namespace StableDiffCoder.Training.Corpus;

/// <summary>
/// Takes the licence header off a file: the comments before the first code, when they speak of a licence or copyright. A model that reads a
/// few hundred copies of the same thirty lines learns the lines.
/// </summary>
public static partial class LicenceHeader
{
    /// <summary>The text without its header; the same text when there is none.</summary>
    /// <param name="text">Source text with LF line ends.</param>
    /// <param name="path">Its file; the ending says what a comment is. Without one, as in C#.</param>
    public static string Strip(string text, string path = "")
    {
        bool isPython = path.EndsWith(".py", StringComparison.OrdinalIgnoreCase);
        int position = 0;
        bool found = false;
        while ((isPython ? NextHashComment(text, position) : NextComment(text, position)) is int end)
        {
            found |= Licence().IsMatch(text[position..end]);
            position = end;
        }
        return found ? text[position..].TrimStart('\n', ' ', '\t') : text.TrimStart('\n');
    }

    /// <summary>The end of the run of line comments or of the block comment that starts at the position, blank space before it allowed.</summary>
    private static int? NextComment(string text, int position)
    {
        int start = Visible(text, position);
        ReadOnlySpan<char> rest = text.AsSpan(start);
        if (rest.StartsWith("/*"))
        {
            int close = rest.IndexOf("*/");
            return close < 0 ? null : start + close + 2;
        }
        bool isLineComment =
            (rest.StartsWith("//") && !rest.StartsWith("///")) || rest.StartsWith("#region Lic") || rest.StartsWith("#region Copy");
        if (!isLineComment)
        {
            return rest.StartsWith("#endregion") ? LineEnd(text, start)
                : rest.StartsWith("/// Copyright") || rest.StartsWith("///\n") || rest.StartsWith("////") ? LineEnd(text, start)
                : null;
        }
        return LineEnd(text, start);
    }

    private static int? NextHashComment(string text, int position)
    {
        int start = Visible(text, position);
        return start < text.Length && text[start] == '#' ? LineEnd(text, start) : null;
    }

    private static int Visible(string text, int position)
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
        {
            position++;
        }
        return position;
    }

    private static int LineEnd(string text, int start)
    {
        int end = text.IndexOf('\n', start);
        return end < 0 ? text.Length : end + 1;
    }

    [GeneratedRegex("licen[sc]e|copyright|\\(c\\)|all rights reserved|<copyright", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Licence();
}
