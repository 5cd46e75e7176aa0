using System.Globalization;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Weights;
using static TorchSharp.torch;

namespace StableDiffCoder.Cli.Measuring;

/// <summary>Shapes to time forwards of, with random weights: what a product costs does not depend on the values.</summary>
internal static class ForwardShape
{
    private const double Deviation = 0.02;
    private const int PatternLength = 1 << 22;
    private const int MostShardBytes = 1 << 30;

    private static readonly Dictionary<string, ModelConfig> Named = new(StringComparer.Ordinal)
    {
        ["mini"] = Config(vocabulary: 8192, hidden: 512, layers: 8, heads: 8, keyValueHeads: 4, width: 64, inner: 1408),
        ["1b"] = Config(vocabulary: 32768, hidden: 2048, layers: 16, heads: 32, keyValueHeads: 8, width: 64, inner: 8192),
        ["8b"] = Config(vocabulary: 155136, hidden: 4096, layers: 32, heads: 32, keyValueHeads: 8, width: 128, inner: 14336),
    };

    /// <summary>Names of shapes, for help.</summary>
    public static IEnumerable<string> Names => Named.Keys;

    /// <summary>The shape of a name; null when there is none.</summary>
    public static ModelConfig? Find(string name) => Named.GetValueOrDefault(name);

    /// <summary>Sets every weight: gains to 1, matrices to repetitions of one random pattern.</summary>
    public static void Fill(DiffusionTransformer model, CancellationToken cancellationToken)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var generator = new Generator(1, CPU);
        using Tensor wide = randn(PatternLength, generator: generator).MultiplyInPlace(Deviation);
        using Tensor pattern = wide.to(model.DataType);
        foreach (QuantizedWeight weight in model.QuantizedWeights.Values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int rowsAPattern = Math.Max(1, PatternLength / weight.Columns);
            using Tensor rows = wide.narrow(0, 0, (long)rowsAPattern * weight.Columns).view(rowsAPattern, weight.Columns);
            for (int row = 0; row < weight.Rows; row += rowsAPattern)
            {
                using Tensor part = rows.narrow(0, 0, Math.Min(rowsAPattern, weight.Rows - row));
                weight.SetRows(row, part);
            }
        }
        foreach (Tensor weight in model.Weights.Values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (weight.dim() < 2)
            {
                weight.fill_(LastingScalars.One);
                continue;
            }
            using Tensor flat = weight.view(-1);
            for (long start = 0; start < flat.numel(); start += PatternLength)
            {
                long count = Math.Min(PatternLength, flat.numel() - start);
                using Tensor part = flat.narrow(0, start, count);
                using Tensor source = pattern.narrow(0, 0, count);
                part.copy_(source);
            }
        }
    }

    /// <summary>Writes a model of float weights as a folder in shards, with the tokenizer of another folder.</summary>
    public static void Write(DiffusionTransformer model, string folder, string tokenizer, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(
            Path.Combine(folder, "config.json"),
            model.Config.ToJson(model.DataType == ScalarType.BFloat16 ? "bfloat16" : "float32")
        );
        File.Copy(tokenizer, Path.Combine(folder, "tokenizer.json"), overwrite: true);
        List<(string Name, Tensor Tensor)[]> shards = Shards(model.Weights);
        var placeOf = new Dictionary<string, string>();
        for (int i = 0; i < shards.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string file = string.Create(CultureInfo.InvariantCulture, $"model-{i + 1:00000}-of-{shards.Count:00000}.safetensors");
            SafetensorsWriter.Write(Path.Combine(folder, file), shards[i], new Dictionary<string, string> { ["format"] = "pt" });
            foreach ((string name, _) in shards[i])
            {
                placeOf.Add(name, file);
            }
        }
        var index = new
        {
            metadata = new { total_size = model.Weights.Values.Sum(weight => weight.numel() * weight.element_size()) },
            weight_map = placeOf,
        };
        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), System.Text.Json.JsonSerializer.Serialize(index));
    }

    private static List<(string, Tensor)[]> Shards(IReadOnlyDictionary<string, Tensor> weights)
    {
        var shards = new List<(string, Tensor)[]>();
        var open = new List<(string, Tensor)>();
        long bytes = 0;
        foreach ((string name, Tensor weight) in weights)
        {
            open.Add((name, weight));
            bytes += weight.numel() * weight.element_size();
            if (bytes >= MostShardBytes)
            {
                shards.Add([.. open]);
                open.Clear();
                bytes = 0;
            }
        }
        if (open.Count > 0)
        {
            shards.Add([.. open]);
        }
        return shards;
    }

    private static ModelConfig Config(int vocabulary, int hidden, int layers, int heads, int keyValueHeads, int width, int inner) =>
        new()
        {
            VocabSize = vocabulary,
            HiddenSize = hidden,
            IntermediateSize = inner,
            LayerCount = layers,
            HeadCount = heads,
            KeyValueHeadCount = keyValueHeads,
            HeadDimension = width,
            RopeTheta = 500000,
            MaxPositionEmbeddings = 8192,
        };
}
