using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Runtime;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Tests.Model;

/// <summary>A seeded random model small enough for any test.</summary>
internal static class TinyModel
{
    public static ModelConfig Config(bool tied = false) =>
        new()
        {
            VocabSize = 50,
            HiddenSize = 32,
            IntermediateSize = 48,
            LayerCount = 2,
            HeadCount = 4,
            KeyValueHeadCount = 2,
            HeadDimension = 8,
            MaxPositionEmbeddings = 64,
            TieWordEmbeddings = tied,
        };

    public static DiffusionTransformer Create(ModelConfig config, int seed = 1)
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var generator = new Generator((ulong)seed, CPU);
        var model = new DiffusionTransformer(config, ScalarType.Float32, CPU);
        foreach ((string name, Tensor weight) in model.Weights)
        {
            double deviation = name.Contains("embed", StringComparison.Ordinal) ? 1 : 1.5 / Math.Sqrt(weight.shape[^1]);
            if (weight.dim() == 2)
            {
                weight.copy_(randn(weight.shape, generator: generator) * deviation);
            }
        }
        model.eval();
        return model;
    }
}
