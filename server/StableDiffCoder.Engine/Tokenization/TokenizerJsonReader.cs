using System.Text.Json;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Tokenization;

/// <summary>
/// Reads Hugging Face's tokenizer.json: a byte-level BPE with the normalizer NFC or none. A setting that would make ids differ and that
/// this tokenizer does not have is refused. <c>post_processor</c>, <c>truncation</c> and <c>padding</c> are not read: they add or take away
/// tokens around a text, which is the caller's business here.
/// </summary>
internal sealed class TokenizerJsonReader
{
    private readonly string path;
    private readonly Dictionary<string, JsonElement> settings = [];
    private readonly Dictionary<string, Range> tables = [];

    private TokenizerJsonReader(string path) => this.path = path;

    /// <exception cref="ModelLoadException">The file cannot be read, is damaged, or asks for something that is not supported.</exception>
    public static TokenizerDefinition Read(string path)
    {
        try
        {
            var definition = new TokenizerJsonReader(path).Read(File.ReadAllBytes(path));
            definition.Validate();
            return definition;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException(path, $"{path} cannot be read: {exception.Message} Check --model.", exception);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            var message = $"{path} is not a usable tokenizer.json: {exception.Message} Take the file from the model's publisher again.";
            throw new ModelLoadException(path, message, exception);
        }
    }

    private TokenizerDefinition Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        ReadObject(ref reader, "");
        reader.Read(); // nothing may follow

        var pipeline = new TokenizerPipelineReader(path, settings);
        pipeline.CheckModel();
        var vocabulary = TokenizerTables.ReadVocabulary(Table("model.vocab", json));
        var merges = TokenizerTables.ReadMerges(Table("model.merges", json), vocabulary);
        return new TokenizerDefinition(
            path,
            vocabulary,
            merges,
            pipeline.ReadAddedTokens(),
            new PreTokenizer(pipeline.ReadSplitPatterns()),
            pipeline.ReadNormalizer(),
            pipeline.IgnoresMerges
        );
    }

    /// <summary>
    /// Takes an object's members apart. The vocabulary and the merges are nearly all of the file, and the merges need the vocabulary, which
    /// may come after them: of these two only the place is kept.
    /// </summary>
    private void ReadObject(ref Utf8JsonReader reader, string prefix)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new FormatException($"{(prefix.Length == 0 ? "the file" : $"'{prefix.TrimEnd('.')}'")} is not a JSON object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = prefix + reader.GetString();
            reader.Read();
            if (name == "model")
            {
                ReadObject(ref reader, "model.");
            }
            else if (name is "model.vocab" or "model.merges")
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                tables[name] = start..(int)reader.BytesConsumed;
            }
            else
            {
                settings[name] = JsonElement.ParseValue(ref reader);
            }
        }
    }

    private ReadOnlySpan<byte> Table(string name, ReadOnlySpan<byte> json) =>
        tables.TryGetValue(name, out var range) ? json[range] : throw new FormatException($"'{name}' is missing.");
}
