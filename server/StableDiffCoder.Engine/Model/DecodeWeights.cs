using StableDiffCoder.Engine.Kernels;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>A layer's weights as the decode path reads them.</summary>
internal sealed record DecodeLayer
{
    public required float[] AttentionGain { get; init; }

    public required float[] MlpGain { get; init; }

    public WeightMatrix Query { get; init; }

    public WeightMatrix Key { get; init; }

    public WeightMatrix Value { get; init; }

    public WeightMatrix Output { get; init; }

    public WeightMatrix Gate { get; init; }

    public WeightMatrix Up { get; init; }

    public WeightMatrix Down { get; init; }
}

/// <summary>A model's weights as the decode path reads them: the modules' own memory, which must stay where it is.</summary>
internal sealed record DecodeWeights
{
    public required WeightMatrix Embedding { get; init; }

    public required IReadOnlyList<DecodeLayer> Layers { get; init; }

    public required float[] FinalGain { get; init; }

    public required WeightMatrix Head { get; init; }

    /// <summary>The memory of a float tensor on the CPU, [rows, columns].</summary>
    public static unsafe WeightMatrix MatrixOf(Tensor weight) =>
        new((byte*)TensorMemory.Of(weight), (int)weight.shape[0], (int)weight.shape[1], FormatOf(weight.dtype));

    /// <summary>The format of an element type.</summary>
    public static WeightFormat FormatOf(ScalarType type) =>
        type switch
        {
            ScalarType.Float32 => WeightFormat.Float32,
            ScalarType.BFloat16 => WeightFormat.BFloat16,
            _ => throw new NotSupportedException($"The kernels read float32 and bfloat16 tensors, not {type}."),
        };

    /// <summary>A vector of weights in float32.</summary>
    public static float[] GainOf(Tensor weight)
    {
        using var scope = NewDisposeScope();
        return weight.detach().to(ScalarType.Float32).data<float>().ToArray();
    }
}
