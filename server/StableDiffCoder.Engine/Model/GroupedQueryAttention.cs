using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>Attention whose query heads share key and value heads in groups (Ainslie et al. 2023), with rotary positions.</summary>
public sealed class GroupedQueryAttention : nn.Module
{
    [ComponentName(Name = "q_proj")]
    private readonly Projection queryProjection;

    [ComponentName(Name = "k_proj")]
    private readonly Projection keyProjection;

    [ComponentName(Name = "v_proj")]
    private readonly Projection valueProjection;

    [ComponentName(Name = "o_proj")]
    private readonly Projection outputProjection;

    private readonly int layer;
    private readonly int headDimension;
    private readonly int group;

    /// <summary>Allocates the four maps.</summary>
    public GroupedQueryAttention(ModelConfig config, int layer, ScalarType dtype, Device device)
        : base(nameof(GroupedQueryAttention))
    {
        this.layer = layer;
        headDimension = config.HeadDimension;
        group = config.HeadCount / config.KeyValueHeadCount;
        int queryWidth = config.HeadCount * config.HeadDimension;
        int keyWidth = config.KeyValueHeadCount * config.HeadDimension;
        queryProjection = new Projection(config.HiddenSize, queryWidth, dtype, device, config.Quantization);
        keyProjection = new Projection(config.HiddenSize, keyWidth, dtype, device, config.Quantization);
        valueProjection = new Projection(config.HiddenSize, keyWidth, dtype, device, config.Quantization);
        outputProjection = new Projection(queryWidth, config.HiddenSize, dtype, device, config.Quantization);
        RegisterComponents();
    }

    /// <summary>Mixes positions.</summary>
    /// <param name="input">[B, T, D].</param>
    /// <param name="rotary">Rows of the rotary tables, [T, Dh].</param>
    /// <param name="view">Which positions see which.</param>
    /// <param name="cache">Finished positions to look back at; null for none.</param>
    /// <returns>[B, T, D].</returns>
    public Tensor Forward(Tensor input, (Tensor Cosines, Tensor Sines) rotary, AttentionView view, KvCache? cache)
    {
        using var scope = NewDisposeScope();
        Tensor query = RotaryEmbedding.Rotate(SplitHeads(queryProjection.forward(input)), rotary);
        Tensor key = RotaryEmbedding.Rotate(SplitHeads(keyProjection.forward(input)), rotary);
        Tensor value = SplitHeads(valueProjection.forward(input));
        if (cache is not null)
        {
            (key, value) = cache.Write(layer, key, value);
        }
        if (group > 1)
        {
            key = key.repeat_interleave(group, 1);
            value = value.repeat_interleave(group, 1);
        }
        Tensor mixed = view.Attend(query, key, value); // [B, H, T, Dh]
        Tensor merged = mixed.transpose(1, 2).reshape(input.shape[0], input.shape[1], -1); // [B, T, H·Dh]
        return outputProjection.forward(merged).MoveToOuterDisposeScope();
    }

    /// <summary>The four maps as the decode path reads them.</summary>
    internal DecodeLayer Describe(DecodeLayer layer) =>
        layer with
        {
            Query = queryProjection.Matrix,
            Key = keyProjection.Matrix,
            Value = valueProjection.Matrix,
            Output = outputProjection.Matrix,
        };

    // [B, T, H·Dh] -> [B, H, T, Dh]
    private Tensor SplitHeads(Tensor flat) => flat.view(flat.shape[0], flat.shape[1], -1, headDimension).transpose(1, 2);
}
