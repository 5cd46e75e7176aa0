using System.Text.Json;

namespace StableDiffCoder.Engine.Tests.Reference;

/// <summary>
/// A folder with a seeded random model, written without the engine's own writer. Weights are wide enough that the most likely token wins
/// clearly: with near ties, two correct implementations may differ.
/// </summary>
public sealed class RandomCheckpoint : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public RandomCheckpoint(CheckpointShape shape, int seed)
    {
        Shape = shape;
        var random = new Random(seed);
        Weights = shape.Tensors().ToDictionary(t => t.Name, t => Values(t.Name, t.Shape, random, shape.Type));
        File.WriteAllText(folder.File("config.json"), CheckpointFiles.Config(shape));
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
        float[] values = CheckpointFiles.Values(shape, random, (normal, _) => norm ? 1 + (0.2 * normal) : deviation * normal);
        return [.. values.Select(value => FloatEncoding.Round(value, type))];
    }

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
        return CheckpointFiles.Tokenizer(vocabulary, special, merges: []);
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
