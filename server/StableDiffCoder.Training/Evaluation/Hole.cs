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
}

/// <summary>A text with a piece missing, and the piece.</summary>
/// <param name="Id">Unique in its file; names the source.</param>
/// <param name="Kind">What was cut out; "single-line" or "in-line" in JSON.</param>
/// <param name="Prefix">The text before the hole.</param>
/// <param name="Suffix">The text after it; begins with the line's end.</param>
/// <param name="Answer">What stood there, without a line end.</param>
public sealed record Hole(string Id, HoleKind Kind, string Prefix, string Suffix, string Answer);

/// <summary>Hole kinds as words with hyphens.</summary>
internal sealed class HoleKindJson() : JsonStringEnumConverter<HoleKind>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false);
