using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>One pre-norm Llama layer: attention, then the gated MLP, each added to the residual stream.</summary>
public sealed class TransformerBlock : nn.Module
{
    [ComponentName(Name = "input_layernorm")]
    private readonly RmsNorm attentionNorm;

    [ComponentName(Name = "self_attn")]
    private readonly GroupedQueryAttention attention;

    [ComponentName(Name = "post_attention_layernorm")]
    private readonly RmsNorm mlpNorm;

    [ComponentName(Name = "mlp")]
    private readonly SwiGluMlp mlp;

    /// <summary>Allocates the layer.</summary>
    public TransformerBlock(ModelConfig config, int layer, ScalarType dtype, Device device)
        : base(nameof(TransformerBlock))
    {
        attentionNorm = new RmsNorm(config.HiddenSize, config.RmsNormEpsilon, dtype, device);
        attention = new GroupedQueryAttention(config, layer, dtype, device);
        mlpNorm = new RmsNorm(config.HiddenSize, config.RmsNormEpsilon, dtype, device);
        mlp = new SwiGluMlp(config, dtype, device);
        RegisterComponents();
    }

    /// <summary>The layer's weights as the decode path reads them.</summary>
    internal DecodeLayer Describe() =>
        mlp.Describe(attention.Describe(new DecodeLayer { AttentionGain = attentionNorm.Gain, MlpGain = mlpNorm.Gain }));

    /// <summary>[B, T, D] → [B, T, D]; parameters as in <see cref="GroupedQueryAttention.Forward"/>.</summary>
    public Tensor Forward(Tensor residual, (Tensor Cosines, Tensor Sines) rotary, AttentionView view, KvCache? cache)
    {
        using var scope = NewDisposeScope();
        Tensor attended = residual.Plus(attention.Forward(attentionNorm.forward(residual), rotary, view, cache));
        return attended.Plus(mlp.forward(mlpNorm.forward(attended))).MoveToOuterDisposeScope();
    }
}
