using TorchSharp.Utils;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>Gated MLP: down(silu(gate(x)) · up(x)) (Shazeer 2020).</summary>
public sealed class SwiGluMlp : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "gate_proj")]
    private readonly Projection gate;

    [ComponentName(Name = "up_proj")]
    private readonly Projection up;

    [ComponentName(Name = "down_proj")]
    private readonly Projection down;

    /// <summary>Allocates the three maps.</summary>
    public SwiGluMlp(ModelConfig config, ScalarType dtype, Device device)
        : base(nameof(SwiGluMlp))
    {
        gate = new Projection(config.HiddenSize, config.IntermediateSize, dtype, device, config.Quantization);
        up = new Projection(config.HiddenSize, config.IntermediateSize, dtype, device, config.Quantization);
        down = new Projection(config.IntermediateSize, config.HiddenSize, dtype, device, config.Quantization);
        RegisterComponents();
    }

    /// <summary>The three maps as the decode path reads them.</summary>
    internal DecodeLayer Describe(DecodeLayer layer) => layer with { Gate = gate.Matrix, Up = up.Matrix, Down = down.Matrix };

    /// <inheritdoc/>
    /// <remarks>[B, T, D] → [B, T, D].</remarks>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return down.forward(nn.functional.silu(gate.forward(input)).mul(up.forward(input))).MoveToOuterDisposeScope();
    }
}
