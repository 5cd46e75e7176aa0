using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>Root-mean-square norm, computed in float32 whatever the stored type (Zhang and Sennrich 2019; Llama's own rounding).</summary>
public sealed class RmsNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Scalar epsilon;

    /// <summary>Allocates the gain, [size], at 1.</summary>
    public RmsNorm(int size, double epsilon, ScalarType dtype, Device device)
        : base(nameof(RmsNorm))
    {
        this.epsilon = epsilon.ToScalar();
        weight = nn.Parameter(ones(size, dtype: dtype, device: device));
        RegisterComponents();
    }

    /// <summary>The gain in float32.</summary>
    internal float[] Gain => DecodeWeights.GainOf(weight);

    /// <inheritdoc/>
    /// <remarks>[…, D] → […, D].</remarks>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        Tensor wide = input.to(ScalarType.Float32);
        Tensor scale = (wide * wide).mean([-1], keepdim: true).add_(epsilon, LastingScalars.One).rsqrt_();
        return (wide * scale).to(input.dtype).mul(weight).MoveToOuterDisposeScope();
    }
}
