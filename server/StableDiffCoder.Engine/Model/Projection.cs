using StableDiffCoder.Engine.Kernels;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>A linear map without bias whose weight starts uninitialised: loading or training fills it.</summary>
public sealed class Projection : nn.Module<Tensor, Tensor>
{
    private readonly Parameter? weight;

    /// <summary>Allocates the weight, [out, in].</summary>
    /// <param name="inputSize">Inputs.</param>
    /// <param name="outputSize">Outputs.</param>
    /// <param name="dtype">Type of the activations, and of the weight unless it is quantized.</param>
    /// <param name="device">Where; 4 bits on the CPU only.</param>
    /// <param name="quantization">Bits of the weight.</param>
    public Projection(
        int inputSize,
        int outputSize,
        ScalarType dtype,
        Device device,
        WeightQuantization quantization = WeightQuantization.None
    )
        : base(nameof(Projection))
    {
        if (quantization == WeightQuantization.None)
        {
            weight = nn.Parameter(TensorMemory.Allocate([outputSize, inputSize], dtype, device));
        }
        else
        {
            Quantized = new QuantizedWeight(outputSize, inputSize, quantization, device);
        }
        RegisterComponents();
    }

    /// <summary>The weight in few bits; null when it is a float tensor.</summary>
    public QuantizedWeight? Quantized { get; }

    /// <summary>The weight, [out, in].</summary>
    /// <exception cref="InvalidOperationException">It is quantized.</exception>
    public Tensor Weight => weight ?? throw new InvalidOperationException("The weight is quantized; there is no float tensor of it.");

    /// <summary>The weight as the decode path reads it.</summary>
    internal WeightMatrix Matrix => Quantized?.Matrix ?? DecodeWeights.MatrixOf(weight!);

    /// <inheritdoc/>
    /// <remarks>
    /// […, in] → […, out]. On the CPU a quantized weight is expanded for the one product: right for many rows, which is what comes here.
    /// </remarks>
    public override Tensor forward(Tensor input)
    {
        if (Quantized is null)
        {
            return nn.functional.linear(input, weight!);
        }
        if (Quantized.Codes.device_type != DeviceType.CPU)
        {
            return Quantized.MultiplyCodes(input);
        }
        using Tensor expanded = Quantized.Expand(input.dtype);
        return nn.functional.linear(input, expanded);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Quantized?.Dispose();
        }
        base.Dispose(disposing);
    }
}
