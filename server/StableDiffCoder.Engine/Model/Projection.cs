using StableDiffCoder.Engine.Kernels;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>A linear map without bias whose weight starts uninitialised: loading or training fills it.</summary>
public sealed class Projection : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;

    /// <summary>Allocates the weight, [out, in].</summary>
    public Projection(int inputSize, int outputSize, ScalarType dtype, Device device)
        : base(nameof(Projection))
    {
        weight = nn.Parameter(empty(outputSize, inputSize, dtype: dtype, device: device));
        RegisterComponents();
    }

    /// <summary>The weight, [out, in].</summary>
    public Tensor Weight => weight;

    /// <summary>The weight as the decode path reads it.</summary>
    internal WeightMatrix Matrix => DecodeWeights.MatrixOf(weight);

    /// <inheritdoc/>
    /// <remarks>[…, in] → […, out].</remarks>
    public override Tensor forward(Tensor input) => nn.functional.linear(input, weight);
}
