using StableDiffCoder.Engine.Kernels;

namespace StableDiffCoder.Engine.Model;

/// <summary>How many bits the weights of linear maps have. Embeddings and gains stay floats.</summary>
public enum WeightQuantization
{
    /// <summary>As many as the checkpoint's float type.</summary>
    None,

    /// <summary>8 bits, one scale for each output (<c>int8</c>).</summary>
    EightBits,

    /// <summary>4 bits, one scale for 32 inputs of an output (<c>int4</c>).</summary>
    FourBits,
}

/// <summary>Names of quantizations.</summary>
public static class WeightQuantizations
{
    /// <summary>The quantization of a type's name: none but for "int8" and "int4".</summary>
    public static WeightQuantization Of(string? dataType) =>
        dataType switch
        {
            "int8" => WeightQuantization.EightBits,
            "int4" => WeightQuantization.FourBits,
            _ => WeightQuantization.None,
        };

    /// <summary>"int8" or "int4"; null for none.</summary>
    public static string? NameOf(WeightQuantization quantization) =>
        quantization switch
        {
            WeightQuantization.EightBits => "int8",
            WeightQuantization.FourBits => "int4",
            _ => null,
        };

    internal static WeightFormat FormatOf(WeightQuantization quantization) =>
        quantization == WeightQuantization.EightBits ? WeightFormat.Int8 : WeightFormat.Int4;
}
