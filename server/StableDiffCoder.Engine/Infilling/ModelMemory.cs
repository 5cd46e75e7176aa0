using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>What a model will take of the machine, told before it is loaded and without libtorch.</summary>
public static class ModelMemory
{
    // Activations, the tokenizer and libtorch itself.
    private const long Overhead = 256L << 20;

    /// <summary>Bytes of main memory that a model needs once it is loaded; null when the folder cannot be read, or on another device.</summary>
    /// <param name="modelDirectory">A Hugging Face folder.</param>
    /// <param name="options">Device, element type and cache.</param>
    public static long? NeededBytes(string modelDirectory, ModelLoadOptions options)
    {
        if (options.Device != "cpu")
        {
            return null;
        }
        try
        {
            ModelDirectory directory = ModelDirectory.Open(modelDirectory);
            long parameters = directory.ParameterCount;
            long weight = ComputeDevice.BytesOnCpu(
                WeightQuantizations.NameOf(directory.Config.Quantization) ?? options.DataType,
                parameters
            );
            return parameters * weight + ((long)options.PrefixCacheMegabytes << 20) + Overhead;
        }
        catch (Exception exception) when (exception is ModelLoadException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
