using System.Text.Json;
using System.Text.Json.Serialization;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary>
/// Reads an integer, and one beyond 32 bits as the nearest that fits: clients write "the end of the line" as 2³²−1, 2⁵³−1 or a float.
/// </summary>
internal sealed class SaturatingIntegerConverter : JsonConverter<int>
{
    /// <inheritdoc/>
    public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            throw new JsonException("an integer is expected here");
        }
        if (reader.TryGetInt32(out int value))
        {
            return value;
        }
        double wide = reader.GetDouble();
        return Math.Abs(wide) > int.MaxValue || Math.Floor(wide) == wide
            ? (int)Math.Clamp(wide, int.MinValue, int.MaxValue)
            : throw new JsonException("an integer is expected here");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
