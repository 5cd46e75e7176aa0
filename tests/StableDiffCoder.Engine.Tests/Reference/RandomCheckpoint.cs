using System.Text.Json;

namespace StableDiffCoder.Engine.Tests.Reference;

/// <summary>
/// A folder with a seeded random model, written without the engine's own writer. Weights are wide enough that the most likely token wins
/// clearly: with near ties, two correct implementations may differ.
/// </summary>
public sealed class RandomCheckpoint : IDisposable
{
    private static readonly string[] Architectures = ["StableDiffcoderForCausalLM"];

    private readonly TemporaryFolder folder = new();

    public RandomCheckpoint(CheckpointShape shape, int seed)
    {
        Shape = shape;
        var random = new Random(seed);
        Weights = shape.Tensors().ToDictionary(t => t.Name, t => Values(t.Name, t.Shape, random, shape.Type));
        File.WriteAllText(folder.File("config.json"), Config(shape));
        File.WriteAllText(folder.File("tokenizer.json"), Tokenizer(shape));
        WriteWeights();
    }

    public CheckpointShape Shape { get; }

    public string Path => folder.Path;

    /// <summary>The stored values, row by row, after rounding to the stored type.</summary>
    public IReadOnlyDictionary<string, float[]> Weights { get; }

    public string FilePath(string name) => folder.File(name);

    public void Dispose() => folder.Dispose();

    private static float[] Values(string name, long[] shape, Random random, StoredType type)
    {
        bool norm = name.EndsWith("norm.weight", StringComparison.Ordinal);
        double deviation = name == "model.embed_tokens.weight" ? 1 : 1.5 / Math.Sqrt(shape[^1]);
        var values = new float[shape.Aggregate(1L, (product, dimension) => product * dimension)];
        for (var i = 0; i < values.Length; i++)
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            values[i] = FloatEncoding.Round((float)(norm ? 1 + (0.2 * normal) : deviation * normal), type);
        }
        return values;
    }

    private static string Config(CheckpointShape shape) =>
        JsonSerializer.Serialize(
            new Dictionary<string, object>
            {
                ["architectures"] = Architectures,
                ["model_type"] = "llama",
                ["vocab_size"] = shape.Vocabulary,
                ["hidden_size"] = shape.Hidden,
                ["intermediate_size"] = shape.Intermediate,
                ["num_hidden_layers"] = shape.Layers,
                ["num_attention_heads"] = shape.Heads,
                ["num_key_value_heads"] = shape.KeyValueHeads,
                ["head_dim"] = shape.HeadDimension,
                ["hidden_act"] = "silu",
                ["max_position_embeddings"] = shape.MaxPositions,
                ["rms_norm_eps"] = shape.Epsilon,
                ["rope_theta"] = shape.RopeTheta,
                ["tie_word_embeddings"] = shape.Tied,
                ["block_length"] = shape.BlockLength,
                ["bos_token_id"] = 0,
                ["pad_token_id"] = 1,
                ["eos_token_id"] = CheckpointShape.Eos,
                ["torch_dtype"] = FloatEncoding.ConfigName(shape.Type),
            }
        );

    private static string Tokenizer(CheckpointShape shape)
    {
        var special = new Dictionary<int, string>
        {
            [0] = "<[begin▁of▁sentence]>",
            [1] = "<[PAD▁TOKEN]>",
            [2] = "<[end▁of▁sentence]>",
            [5] = "<[MASK_TOKEN]>",
        };
        IEnumerable<int> ids = Enumerable.Range(0, shape.Vocabulary).Except(shape.IdsWithoutToken);
        var vocabulary = ids.ToDictionary(id => special.GetValueOrDefault(id, $"t{id}"), id => id);
        var added = special.Select(pair => new
        {
            id = pair.Key,
            content = pair.Value,
            single_word = false,
            lstrip = false,
            rstrip = false,
            normalized = false,
            special = true,
        });
        return JsonSerializer.Serialize(
            new
            {
                version = "1.0",
                added_tokens = added,
                pre_tokenizer = new
                {
                    type = "ByteLevel",
                    add_prefix_space = false,
                    trim_offsets = true,
                    use_regex = false,
                },
                decoder = new { type = "ByteLevel" },
                model = new
                {
                    type = "BPE",
                    vocab = vocabulary,
                    merges = Array.Empty<string>(),
                },
            }
        );
    }

    private void WriteWeights()
    {
        (string Name, long[] Shape)[] tensors = [.. Shape.Tensors()];
        if (Shape.Shards == 1)
        {
            Write("model.safetensors", tensors);
            return;
        }
        var shardOf = new Dictionary<string, string>();
        for (var shard = 0; shard < Shape.Shards; shard++)
        {
            string file = $"model-{shard + 1:D5}-of-{Shape.Shards:D5}.safetensors";
            (string Name, long[] Shape)[] own = [.. tensors.Where((_, i) => i * Shape.Shards / tensors.Length == shard)];
            Write(file, own);
            Array.ForEach(own, tensor => shardOf[tensor.Name] = file);
        }
        File.WriteAllText(
            folder.File("model.safetensors.index.json"),
            JsonSerializer.Serialize(new { metadata = new { total_size = 0 }, weight_map = shardOf })
        );
    }

    private void Write(string file, IEnumerable<(string Name, long[] Shape)> tensors) =>
        File.WriteAllBytes(folder.File(file), SafetensorsBytes.Of(tensors.Select(t => (t.Name, t.Shape, Weights[t.Name])), Shape.Type));
}
