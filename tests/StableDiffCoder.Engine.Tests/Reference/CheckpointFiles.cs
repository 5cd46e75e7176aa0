using System.Text.Json;

namespace StableDiffCoder.Engine.Tests.Reference;

/// <summary>The files of a random checkpoint's folder, written without the engine's own writers.</summary>
internal static class CheckpointFiles
{
    private static readonly string[] Architectures = ["StableDiffcoderForCausalLM"];

    /// <summary>config.json.</summary>
    public static string Config(CheckpointShape shape, string infillOrder = "fim") =>
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
                ["infill_order"] = infillOrder,
                ["bos_token_id"] = 0,
                ["pad_token_id"] = 1,
                ["eos_token_id"] = CheckpointShape.Eos,
                ["torch_dtype"] = FloatEncoding.ConfigName(shape.Type),
            }
        );

    /// <summary>tokenizer.json of a byte-level BPE without a split pattern.</summary>
    /// <param name="vocabulary">Token → id, special tokens included.</param>
    /// <param name="special">Id → special token.</param>
    /// <param name="merges">Each "left right".</param>
    /// <param name="normalizer">"NFC", or null for none.</param>
    public static string Tokenizer(
        IReadOnlyDictionary<string, int> vocabulary,
        IReadOnlyDictionary<int, string> special,
        IReadOnlyList<string> merges,
        string? normalizer = null
    ) =>
        JsonSerializer.Serialize(
            new
            {
                version = "1.0",
                added_tokens = special.Select(pair => new
                {
                    id = pair.Key,
                    content = pair.Value,
                    single_word = false,
                    lstrip = false,
                    rstrip = false,
                    normalized = false,
                    special = true,
                }),
                normalizer = normalizer is null ? null : new { type = normalizer },
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
                    merges,
                },
            }
        );

    /// <summary>A tensor's values, row by row, from a function of a standard normal number and the value's index.</summary>
    public static float[] Values(long[] shape, Random random, Func<double, int, double> value)
    {
        var values = new float[shape.Aggregate(1L, (product, dimension) => product * dimension)];
        for (int i = 0; i < values.Length; i++)
        {
            double normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            values[i] = (float)value(normal, i);
        }
        return values;
    }
}
