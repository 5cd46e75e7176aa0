using System.Text.Json;
using System.Text.Json.Serialization;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>What was cut out of a file.</summary>
[JsonConverter(typeof(HoleKindJson))]
public enum HoleKind
{
    /// <summary>A whole line's content; the indentation stays.</summary>
    SingleLine,

    /// <summary>From a token's start, not the line's first, to the line's end.</summary>
    InLine,

    /// <summary>Two to four whole lines, from the first one's content to the last one's end.</summary>
    MultiLine,

    /// <summary>Any characters, in one line or over several.</summary>
    RandomSpan,
}

/// <summary>The kinds of holes in files and on the command line: words with hyphens.</summary>
public static class HoleKindWords
{
    /// <summary>The word of a kind, such as "single-line".</summary>
    public static string Of(HoleKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    /// <summary>The kind of a word; null when there is none of that name.</summary>
    public static HoleKind? Find(string word) =>
        Enum.GetValues<HoleKind>().Cast<HoleKind?>().FirstOrDefault(kind => Of(kind!.Value) == word);
}

/// <summary>A text with a piece missing, and the piece.</summary>
/// <param name="Id">Unique in its file; names the source.</param>
/// <param name="Kind">What was cut out; "single-line", "in-line", "multi-line" or "random-span" in JSON.</param>
/// <param name="Prefix">The text before the hole.</param>
/// <param name="Suffix">The text after it; begins with the line's end, unless the kind is a random span.</param>
/// <param name="Answer">What stood there.</param>
public sealed record Hole(string Id, HoleKind Kind, string Prefix, string Suffix, string Answer)
{
    /// <summary>Whether a fill ends at its first line end, whoever made it.</summary>
    [JsonIgnore]
    public bool EndsWithItsLine => Kind is HoleKind.SingleLine or HoleKind.InLine;

    /// <summary>What counts of a filler's text.</summary>
    public string Counted(string text)
    {
        int end = EndsWithItsLine ? text.IndexOf('\n', StringComparison.Ordinal) : -1;
        return end < 0 ? text : text[..end];
    }
}

/// <summary>Hole kinds as words with hyphens.</summary>
internal sealed class HoleKindJson() : JsonStringEnumConverter<HoleKind>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);
