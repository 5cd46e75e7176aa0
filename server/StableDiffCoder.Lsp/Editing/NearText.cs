using System.Text;

namespace StableDiffCoder.Lsp.Editing;

/// <summary>Lines that say the same: white space, the kind of quotes, and a semicolon or comma at the end make no difference.</summary>
internal static class NearText
{
    /// <summary>A line without what makes no difference; two lines say the same when these are equal.</summary>
    public static string Essence(ReadOnlySpan<char> line)
    {
        string compact = WithoutWhitespace(line);
        string essence = compact.TrimEnd(';', ',');
        return (essence.Length == 0 ? compact : essence).Replace('\'', '"');
    }

    /// <summary>A text without its white space.</summary>
    public static string WithoutWhitespace(ReadOnlySpan<char> text)
    {
        var compact = new StringBuilder(text.Length);
        foreach (char symbol in text)
        {
            if (!char.IsWhiteSpace(symbol))
            {
                compact.Append(symbol);
            }
        }
        return compact.ToString();
    }
}
