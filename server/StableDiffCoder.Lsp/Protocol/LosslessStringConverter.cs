using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary>
/// Reads document text. JSON may spell half a surrogate pair (<c>"\ud83d"</c>), and an editor does so when its user deletes half an emoji;
/// System.Text.Json throws on it. Here it stays one UTF-16 code unit, so that every later position still fits.
/// </summary>
internal sealed class LosslessStringConverter : JsonConverter<string>
{
    /// <inheritdoc/>
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            throw new JsonException("a string is expected here");
        }
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Unescape(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    /// <summary>Undoes JSON's escapes, one UTF-16 unit for each <c>\uXXXX</c>. The reader has already checked the escapes' form.</summary>
    private static string Unescape(ReadOnlySpan<byte> escaped)
    {
        var text = new StringBuilder(escaped.Length);
        while (!escaped.IsEmpty)
        {
            int backslash = escaped.IndexOf((byte)'\\');
            text.Append(Encoding.UTF8.GetString(backslash < 0 ? escaped : escaped[..backslash]));
            if (backslash < 0)
            {
                break;
            }
            char kind = (char)escaped[backslash + 1];
            int length = kind == 'u' ? 6 : 2;
            text.Append(kind == 'u' ? (char)ushort.Parse(escaped.Slice(backslash + 2, 4), NumberStyles.HexNumber, null) : Control(kind));
            escaped = escaped[(backslash + length)..];
        }
        return text.ToString();
    }

    private static char Control(char kind) =>
        kind switch
        {
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => kind,
        };
}
