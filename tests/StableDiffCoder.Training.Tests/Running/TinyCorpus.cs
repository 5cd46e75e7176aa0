using System.Text.Json;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Training.Tokenizers;
using StableDiffCoder.Training.Tokens;

namespace StableDiffCoder.Training.Tests.Running;

/// <summary>A folder with a tokenizer, two shards of a few C# documents, and a training config of a tiny model.</summary>
internal sealed class TinyCorpus : IDisposable
{
    public static readonly string[] Documents =
    [
        .. Enumerable
            .Range(0, 24)
            .Select(i =>
                $"namespace Sample{i};\n\npublic sealed class Counter{i}\n{{\n    private int count = {i};\n\n    public int Next()\n    {{\n        count += {i % 7};\n        return count;\n    }}\n}}\n"
            ),
    ];

    public TinyCorpus()
    {
        TorchRuntime.EnsureLoaded(threads: 1);
        Root = Directory.CreateTempSubdirectory("tiny-corpus-").FullName;
        string tokenizerPath = Path.Combine(Root, "tokenizer.json");
        TokenizerJson.Write(
            BpeTrainer.Train(Documents, new BpeTrainingOptions { VocabularySize = 320 }, null, CancellationToken.None),
            tokenizerPath
        );
        Tokenizer = HuggingFaceTokenizer.Load(tokenizerPath);
        ushort[][] ids = [.. Documents.Select(text => Tokenizer.Encode(text, parseSpecial: false).Select(id => (ushort)id).ToArray())];
        TokenShard.Write(Path.Combine(Root, "train.bin"), ids[..16]);
        TokenShard.Write(Path.Combine(Root, "validation.bin"), ids[16..]);
    }

    public string Root { get; }

    public HuggingFaceTokenizer Tokenizer { get; }

    /// <summary>Writes a config of a 16-wide, one-layer float32 model and returns its path.</summary>
    public string WriteConfig(string output, object stages, object? extra = null)
    {
        var fields = new Dictionary<string, object?>
        {
            ["model"] = new
            {
                hidden_size = 16,
                intermediate_size = 32,
                layer_count = 1,
                head_count = 2,
                key_value_head_count = 1,
                head_dimension = 8,
            },
            ["tokenizer"] = "tokenizer.json",
            ["train"] = new[] { "train.bin" },
            ["validation"] = new[] { "validation.bin" },
            ["out"] = output,
            ["context_length"] = 64,
            ["batch_rows"] = 2,
            ["dtype"] = "float32",
            ["checkpoint_every"] = 3,
            ["validate_every"] = 4,
            ["validation_rows"] = 2,
            ["stages"] = stages,
        };
        foreach (JsonProperty property in JsonSerializer.SerializeToElement(extra ?? new { }).EnumerateObject())
        {
            fields[property.Name] = property.Value;
        }
        string path = Path.Combine(Root, $"{output}.json");
        File.WriteAllText(path, JsonSerializer.Serialize(fields));
        return path;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
