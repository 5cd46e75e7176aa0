using StableDiffCoder.Engine.Model;
using StableDiffCoder.Training.Data;
using StableDiffCoder.Training.Objectives;
using StableDiffCoder.Training.Optimization;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Running;

/// <summary>What an update did.</summary>
/// <param name="Loss">Nats a loss-eligible token, before the update.</param>
/// <param name="MaskRate">Share of tokens masked.</param>
/// <param name="GradientNorm">Before clipping. Not finite: nothing was updated.</param>
public readonly record struct StepResult(double Loss, double MaskRate, double GradientNorm)
{
    /// <summary>Whether the update was made.</summary>
    public bool IsFinite => double.IsFinite(Loss) && double.IsFinite(GradientNorm);
}

/// <summary>One update: accumulated batches, backward, clipping, the optimizer's step.</summary>
/// <param name="model">The model in training.</param>
/// <param name="optimizer">Its optimizer.</param>
/// <param name="objective">What is trained.</param>
/// <param name="accumulate">Batches of an update.</param>
public sealed class TrainingStep(DiffusionTransformer model, MasterWeightOptimizer optimizer, IObjective objective, int accumulate)
{
    /// <summary>Makes an update, unless loss or gradient is not finite.</summary>
    /// <param name="batch">The rows of a batch, by its number.</param>
    /// <param name="noise">The noise of a batch, by its number.</param>
    /// <param name="stageProgress">Share of the stage's updates already made.</param>
    /// <param name="learningRate">Rate of this update.</param>
    /// <param name="largestNorm">Norm to clip to.</param>
    public StepResult Run(
        Func<int, IReadOnlyList<TrainingRow>> batch,
        Func<int, SampleRandom> noise,
        double stageProgress,
        double learningRate,
        double largestNorm
    )
    {
        double loss = 0;
        double maskRate = 0;
        for (int i = 0; i < accumulate; i++)
        {
            using var scope = NewDisposeScope();
            LossTerms? terms = objective.Terms(model, batch(i), stageProgress, noise(i));
            if (terms is not null)
            {
                loss += FusedLinearCrossEntropy.Backward(terms, model.HeadWeight, 1.0 / accumulate) / accumulate;
                maskRate += terms.MaskRate / accumulate;
            }
        }
        return double.IsFinite(loss)
            ? new StepResult(loss, maskRate, optimizer.Step(learningRate, largestNorm))
            : new StepResult(loss, maskRate, double.NaN);
    }
}
