using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Running;

/// <summary>Random weights of a new model: N(0, 2/(5D)) ("small init", Nguyen and Salazar 2019); maps back into the residual stream are
/// smaller by √(2 · layers) (GPT-2).</summary>
public static class WeightInitialization
{
    /// <summary>Fills every matrix; gains stay at 1.</summary>
    public static void Randomize(DiffusionTransformer model, long seed)
    {
        using var noGrad = no_grad();
        using var generator = new Generator(unchecked((ulong)seed), CPU);
        double deviation = Math.Sqrt(2.0 / (5 * model.Config.HiddenSize));
        foreach ((string name, Tensor weight) in model.Weights.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            if (weight.dim() != 2)
            {
                continue;
            }
            using var scope = NewDisposeScope();
            bool intoResidual =
                name.EndsWith("o_proj.weight", StringComparison.Ordinal) || name.EndsWith("down_proj.weight", StringComparison.Ordinal);
            double scale = intoResidual ? deviation / Math.Sqrt(2 * model.Config.LayerCount) : deviation;
            weight.copy_(randn(weight.shape, generator: generator).MultiplyInPlace(scale));
        }
    }
}
