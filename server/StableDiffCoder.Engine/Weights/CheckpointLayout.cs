using StableDiffCoder.Engine.Model;

namespace StableDiffCoder.Engine.Weights;

/// <summary>The tensors that a Llama checkpoint of a given config must hold.</summary>
internal static class CheckpointLayout
{
    public const string Embedding = "model.embed_tokens.weight";
    public const string Head = "lm_head.weight";

    /// <summary>What the files of a config hold, in the order of the forward pass. Lazy: a config may claim billions of layers.</summary>
    public static IEnumerable<ExpectedTensor> Stored(ModelConfig config) =>
        config.Quantization == WeightQuantization.None
            ? Of(config).Select(tensor => new ExpectedTensor(tensor.Name, tensor.Shape))
            : Of(config)
                .SelectMany(tensor =>
                    IsQuantizable(tensor.Name, tensor.Shape)
                        ? Quantized(tensor.Name, tensor.Shape, config.Quantization)
                        : [new ExpectedTensor(tensor.Name, tensor.Shape)]
                );

    /// <summary>Whether a tensor is the weight of a linear map, which alone may have few bits.</summary>
    public static bool IsQuantizable(string name, long[] shape) => shape.Length == 2 && name != Embedding;

    /// <summary>The two tensors of a quantized weight.</summary>
    public static ExpectedTensor[] Quantized(string name, long[] shape, WeightQuantization quantization)
    {
        (long[] codes, long[] scales) = QuantizedWeight.Shapes(shape[0], shape[1], quantization);
        bool isInt8 = quantization == WeightQuantization.EightBits;
        return
        [
            new ExpectedTensor(name, codes, isInt8 ? "I8" : "U8"),
            new ExpectedTensor(name + QuantizedWeight.ScaleSuffix, scales, isInt8 ? "F32" : "BF16"),
        ];
    }

    /// <summary>Names and shapes of the weights, in the order of the forward pass.</summary>
    public static IEnumerable<(string Name, long[] Shape)> Of(ModelConfig config)
    {
        long hidden = config.HiddenSize;
        long queries = (long)config.HeadCount * config.HeadDimension;
        long keys = (long)config.KeyValueHeadCount * config.HeadDimension;
        long inner = config.IntermediateSize;
        yield return (Embedding, [config.VocabSize, hidden]);
        for (var layer = 0; layer < config.LayerCount; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            yield return (prefix + "input_layernorm.weight", [hidden]);
            yield return (prefix + "self_attn.q_proj.weight", [queries, hidden]);
            yield return (prefix + "self_attn.k_proj.weight", [keys, hidden]);
            yield return (prefix + "self_attn.v_proj.weight", [keys, hidden]);
            yield return (prefix + "self_attn.o_proj.weight", [hidden, queries]);
            yield return (prefix + "post_attention_layernorm.weight", [hidden]);
            yield return (prefix + "mlp.gate_proj.weight", [inner, hidden]);
            yield return (prefix + "mlp.up_proj.weight", [inner, hidden]);
            yield return (prefix + "mlp.down_proj.weight", [hidden, inner]);
        }
        yield return ("model.norm.weight", [hidden]);
        if (!config.TieWordEmbeddings)
        {
            yield return (Head, [config.VocabSize, hidden]);
        }
    }
}
