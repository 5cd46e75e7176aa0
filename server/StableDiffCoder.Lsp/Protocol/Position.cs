using System.Text.Json.Serialization;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary>
/// A place in a document
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#position">spec</see>).
/// Both members are taken as they come, however large or negative; <see cref="Documents.LineMap"/> clamps them.
/// </summary>
internal sealed record Position
{
    /// <value>0-based line.</value>
    [JsonConverter(typeof(SaturatingIntegerConverter))]
    public required int Line { get; init; }

    /// <value>0-based UTF-16 code unit in the line.</value>
    [JsonConverter(typeof(SaturatingIntegerConverter))]
    public required int Character { get; init; }
}

/// <summary>
/// A half-open piece of a document
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#range">spec</see>).
/// </summary>
internal sealed record TextRange
{
    /// <value>First position.</value>
    public required Position Start { get; init; }

    /// <value>Position just past the last one.</value>
    public required Position End { get; init; }
}
