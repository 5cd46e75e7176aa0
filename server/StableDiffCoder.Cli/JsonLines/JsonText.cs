using System.Globalization;
using System.Text;
using System.Text.Json;

namespace StableDiffCoder.Cli.JsonLines;

/// <summary>Reads JSON strings that System.Text.Json refuses: those with an escaped surrogate that has no partner, which becomes U+FFFD.</summary>
internal static class JsonText
{
    /// <summary>The text of a string element.</summary>
    public static string Read(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return WithoutLoneSurrogates(Unescape(element.GetRawText().AsSpan()[1..^1]));
        }
    }

    private static string Unescape(ReadOnlySpan<char> raw)
    {
        var text = new StringBuilder(raw.Length);
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }
            char escape = raw[++i];
            if (escape == 'u')
            {
                text.Append((char)ushort.Parse(raw.Slice(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
                continue;
            }
            text.Append(
                escape switch
                {
                    'b' => '\b',
                    'f' => '\f',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    _ => escape,
                }
            );
        }
        return text.ToString();
    }

    private static string WithoutLoneSurrogates(string text)
    {
        var whole = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            // EnumerateRunes puts the replacement character where a surrogate stands alone.
            whole.Append(rune.ToString());
        }
        return whole.ToString();
    }
}
