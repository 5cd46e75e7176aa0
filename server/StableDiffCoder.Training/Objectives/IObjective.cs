using StableDiffCoder.Engine.Model;
using StableDiffCoder.Training.Data;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Objectives;

/// <summary>What a loss is made of: Σ weight · cross-entropy(head(hidden), target).</summary>
/// <param name="Hidden">[N, D] hidden states of the predicted positions.</param>
/// <param name="Targets">[N] ids.</param>
/// <param name="Weights">[N] float32; they hold the division by the number of loss-eligible tokens.</param>
/// <param name="MaskRate">Share of tokens that were masked; 0 for autoregressive training.</param>
public sealed record LossTerms(Tensor Hidden, Tensor Targets, Tensor Weights, double MaskRate);

/// <summary>A training objective: turns rows into loss terms.</summary>
public interface IObjective : IDisposable
{
    /// <summary>Share of a row's pairs of positions that attention computes.</summary>
    double AttendedShare { get; }

    /// <summary>Runs the model over a batch.</summary>
    /// <param name="model">The model in training.</param>
    /// <param name="rows">Rows of L ids each.</param>
    /// <param name="stageProgress">Share of the stage's steps already done, [0, 1).</param>
    /// <param name="random">Source of the noise.</param>
    /// <returns>The terms; null when chance left nothing to predict.</returns>
    LossTerms? Terms(DiffusionTransformer model, IReadOnlyList<TrainingRow> rows, double stageProgress, SampleRandom random);
}
