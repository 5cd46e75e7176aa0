using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace StableDiffCoder.Engine.Weights;

/// <summary>
/// The header of a safetensors file: 8 bytes of little-endian length N, N bytes of JSON, then the data. After parsing, every entry lies inside
/// the file, has as many bytes as its shape and type ask for, and the entries tile the data without overlap or hole.
/// Source: the format section of the safetensors README.
/// </summary>
public sealed class SafetensorsHeader
{
    /// <summary>Longest header accepted, in bytes; the format's own limit.</summary>
    public const int MaxByteLength = 100_000_000;

    private const int LengthPrefix = sizeof(ulong);
    private const string MetadataName = "__metadata__";

    private SafetensorsHeader(Dictionary<string, SafetensorsEntry> entries, Dictionary<string, string> metadata)
    {
        Entries = entries;
        Metadata = metadata;
    }

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, SafetensorsEntry> Entries { get; }

    /// <summary>The <c>__metadata__</c> object; empty when the file has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Reads and checks the header of a file.</summary>
    /// <exception cref="ModelLoadException">The file cannot be read or is not a valid safetensors file.</exception>
    public static SafetensorsHeader Read(string path)
    {
        using FileStream stream = WeightFile.OpenRead(path);
        return Read(stream, path);
    }

    internal static SafetensorsHeader Read(FileStream stream, string path)
    {
        try
        {
            long fileLength = stream.CanSeek ? stream.Length : throw Invalid(path, "it is not a regular file");
            if (fileLength < LengthPrefix)
            {
                throw Invalid(path, $"it has {fileLength} bytes, too few for a header");
            }
            Span<byte> prefix = stackalloc byte[LengthPrefix];
            stream.ReadExactly(prefix);
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            if (length > MaxByteLength)
            {
                throw Invalid(path, $"its header claims {length} bytes, more than the {MaxByteLength} allowed");
            }
            if ((long)length > fileLength - LengthPrefix)
            {
                throw Invalid(path, $"its header claims {length} bytes and the file has only {fileLength - LengthPrefix} after the length");
            }
            var json = new byte[(int)length];
            stream.ReadExactly(json);
            return Parse(json, fileLength, path);
        }
        catch (IOException error)
        {
            throw new ModelLoadException(path, $"{path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Parses the JSON of a header.</summary>
    /// <param name="json">The header's bytes, UTF-8.</param>
    /// <param name="fileLength">Bytes of the whole file.</param>
    /// <param name="path">The file, for messages.</param>
    internal static SafetensorsHeader Parse(ReadOnlyMemory<byte> json, long fileLength, string path)
    {
        using JsonDocument document = ParseJson(json, path);
        long dataStart = LengthPrefix + json.Length;
        var entries = new Dictionary<string, SafetensorsEntry>(StringComparer.Ordinal);
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.NameEquals(MetadataName))
                {
                    metadata = ReadMetadata(property.Value, path);
                }
                else if (!entries.TryAdd(property.Name, SafetensorsEntryReader.Read(property, dataStart, fileLength, path)))
                {
                    throw Invalid(path, $"it names the tensor {Quote(property.Name)} twice");
                }
            }
        }
        catch (InvalidOperationException error)
        {
            // System.Text.Json meets an escaped half surrogate only when it makes the string.
            throw Invalid(path, "its header has a string that is not Unicode", error);
        }
        CheckTiling(entries.Values, dataStart, fileLength, path);
        return new SafetensorsHeader(entries, metadata);
    }

    internal static ModelLoadException Invalid(string path, string fault, Exception? inner = null) =>
        new(path, $"{path} is not a valid safetensors file: {fault}. Download it again.", inner);

    /// <summary>A name from a file in quotes; a hostile file may hold names of megabytes.</summary>
    internal static string Quote(string name) => name.Length <= 120 ? $"'{name}'" : $"'{name.AsSpan(0, 120)}…'";

    private static JsonDocument ParseJson(ReadOnlyMemory<byte> json, string path)
    {
        if (json.IsEmpty || json.Span[0] != (byte)'{')
        {
            throw Invalid(path, "its header does not begin with '{'");
        }
        try
        {
            // The JSON parser lets bad UTF-8 pass until a string is made from it.
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(json.Span);
            return JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 16 });
        }
        catch (Exception error) when (error is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw Invalid(path, $"its header cannot be parsed ({error.Message})", error);
        }
    }

    private static Dictionary<string, string> ReadMetadata(JsonElement element, string path)
    {
        if (element.ValueKind != JsonValueKind.Object || element.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.String))
        {
            throw Invalid(path, $"{MetadataName} is not an object of strings");
        }
        return element.EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);
    }

    private static void CheckTiling(IEnumerable<SafetensorsEntry> entries, long dataStart, long fileLength, string path)
    {
        long end = dataStart;
        foreach (SafetensorsEntry entry in entries.OrderBy(e => e.Offset).ThenBy(e => e.ByteLength))
        {
            if (entry.Offset != end)
            {
                string fault = entry.Offset < end ? "overlaps the tensor before it" : "leaves a hole before it";
                throw Invalid(path, $"the data of {Quote(entry.Name)} {fault}");
            }
            end += entry.ByteLength;
        }
        if (end != fileLength)
        {
            throw Invalid(path, $"its tensors end at byte {end} and the file at byte {fileLength}");
        }
    }
}
