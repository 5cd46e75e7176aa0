using System.Text;
using System.Text.Json;

namespace StableDiffCoder.Engine.Weights;

/// <summary>Reads <c>model.safetensors.index.json</c>: which shard holds which tensor.</summary>
internal static class WeightIndex
{
    private const long MaxByteLength = 100_000_000;

    /// <summary>Shard file name by tensor name; every shard name is a plain file name that ends in .safetensors.</summary>
    public static Dictionary<string, string> Read(string path)
    {
        try
        {
            using JsonDocument document = Parse(path);
            if (
                document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("weight_map", out JsonElement map)
                || map.ValueKind != JsonValueKind.Object
                || !map.EnumerateObject().Any()
            )
            {
                throw Fault(path, "has no 'weight_map' with a shard for each tensor");
            }
            var shards = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (JsonProperty property in map.EnumerateObject())
            {
                string shard =
                    property.Value.ValueKind == JsonValueKind.String
                        ? property.Value.GetString()!
                        : throw Fault(path, $"gives {SafetensorsHeader.Quote(property.Name)} a shard that is not a string");
                CheckShardName(path, shard);
                if (!shards.TryAdd(property.Name, shard))
                {
                    throw Fault(path, $"names {SafetensorsHeader.Quote(property.Name)} twice");
                }
            }
            return shards;
        }
        catch (Exception error) when (error is JsonException or DecoderFallbackException or InvalidOperationException)
        {
            throw Fault(path, $"is not valid JSON ({error.Message})", error);
        }
    }

    private static JsonDocument Parse(string path)
    {
        using FileStream stream = WeightFile.OpenRead(path);
        if (stream.Length > MaxByteLength)
        {
            throw Fault(path, $"has {stream.Length} bytes, more than the {MaxByteLength} allowed");
        }
        var bytes = new byte[stream.Length];
        try
        {
            stream.ReadExactly(bytes);
        }
        catch (IOException error)
        {
            throw new ModelLoadException(path, $"{path} cannot be read: {error.Message}", error);
        }
        new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(bytes);
        return JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 16 });
    }

    /// <summary>Refuses what could leave the model folder on any system, whichever this one is, and pickles.</summary>
    private static void CheckShardName(string path, string shard)
    {
        // ':' is a drive letter or an alternate stream on Windows.
        bool leaves =
            shard.Length == 0
            || shard.Contains("..", StringComparison.Ordinal)
            || shard.Any(c => c is '/' or '\\' or ':' || char.IsControl(c));
        if (leaves)
        {
            throw Fault(path, $"names the shard {SafetensorsHeader.Quote(shard)}, which is not a plain file name in the model folder");
        }
        if (!shard.EndsWith(".safetensors", StringComparison.Ordinal))
        {
            throw Fault(path, $"names the shard {SafetensorsHeader.Quote(shard)}; only .safetensors files are opened");
        }
    }

    private static ModelLoadException Fault(string path, string fault, Exception? inner = null) =>
        new(path, $"{path} {fault}. Download it again.", inner);
}
