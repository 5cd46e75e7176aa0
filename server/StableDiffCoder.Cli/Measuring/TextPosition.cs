using System.Text.Json.Nodes;

namespace StableDiffCoder.Cli.Measuring;

/// <summary>Positions of a text whose lines end with LF, as the protocol has them: line and UTF-16 units in it, both from 0.</summary>
internal static class TextPosition
{
    /// <summary>The position of an offset.</summary>
    public static JsonObject Of(string text, int offset)
    {
        ReadOnlySpan<char> before = text.AsSpan(0, offset);
        return new JsonObject { ["line"] = before.Count('\n'), ["character"] = offset - (before.LastIndexOf('\n') + 1) };
    }

    /// <summary>The offset of a position that is in the text.</summary>
    public static int OffsetOf(string text, JsonNode position)
    {
        int start = 0;
        for (int line = (int)position["line"]!; line > 0; line--)
        {
            start = text.IndexOf('\n', start) + 1;
        }
        return start + (int)position["character"]!;
    }
}
