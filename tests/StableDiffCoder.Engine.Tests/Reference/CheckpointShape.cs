namespace StableDiffCoder.Engine.Tests.Reference;

/// <summary>The shape of a random Llama checkpoint, and how its folder is written.</summary>
public sealed record CheckpointShape
{
    public int Vocabulary { get; init; } = 61;
    public int Hidden { get; init; } = 32;
    public int Intermediate { get; init; } = 48;
    public int Layers { get; init; } = 2;
    public int Heads { get; init; } = 4;
    public int KeyValueHeads { get; init; } = 2;
    public int HeadDimension { get; init; } = 8;
    public bool Tied { get; init; }
    public double RopeTheta { get; init; } = 10000;
    public double Epsilon { get; init; } = 1e-6;
    public int MaxPositions { get; init; } = 128;
    public int BlockLength { get; init; } = 4;
    public StoredType Type { get; init; } = StoredType.F32;

    /// <summary>Weight files; 1 writes model.safetensors, more an index and shards.</summary>
    public int Shards { get; init; } = 1;

    public const int Eos = 2;
    public const int Mask = 5;

    /// <summary>Ids without a token: one in the middle and the last two.</summary>
    public IReadOnlyList<int> IdsWithoutToken => [Vocabulary / 2, Vocabulary - 2, Vocabulary - 1];

    /// <summary>Ids that a sampler never chooses: the mask and the ids without a token.</summary>
    public IReadOnlyList<int> Forbidden => [Mask, .. IdsWithoutToken];

    /// <summary>Names and shapes of the checkpoint's tensors.</summary>
    public IEnumerable<(string Name, long[] Shape)> Tensors()
    {
        long queries = Heads * HeadDimension;
        long keys = KeyValueHeads * HeadDimension;
        yield return ("model.embed_tokens.weight", [Vocabulary, Hidden]);
        for (var layer = 0; layer < Layers; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            yield return (prefix + "self_attn.q_proj.weight", [queries, Hidden]);
            yield return (prefix + "self_attn.k_proj.weight", [keys, Hidden]);
            yield return (prefix + "self_attn.v_proj.weight", [keys, Hidden]);
            yield return (prefix + "self_attn.o_proj.weight", [Hidden, queries]);
            yield return (prefix + "mlp.gate_proj.weight", [Intermediate, Hidden]);
            yield return (prefix + "mlp.up_proj.weight", [Intermediate, Hidden]);
            yield return (prefix + "mlp.down_proj.weight", [Hidden, Intermediate]);
            yield return (prefix + "input_layernorm.weight", [Hidden]);
            yield return (prefix + "post_attention_layernorm.weight", [Hidden]);
        }
        yield return ("model.norm.weight", [Hidden]);
        if (!Tied)
        {
            yield return ("lm_head.weight", [Vocabulary, Hidden]);
        }
    }
}
