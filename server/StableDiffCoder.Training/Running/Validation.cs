using StableDiffCoder.Engine.Model;
using StableDiffCoder.Training.Data;
using StableDiffCoder.Training.Objectives;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Running;

/// <summary>
/// Validation loss on rows that are the same every time: the negative log-likelihood of an autoregressive stage, or the NELBO of a diffusion
/// stage as the mean over a fixed grid of t (unclipped, weight 1/t), both in nats a token.
/// </summary>
public sealed class Validation : IDisposable
{
    private static readonly double[] Grid = [0.125, 0.375, 0.625, 0.875];
    private readonly List<TrainingRow> rows;
    private readonly IReadOnlyList<IObjective> objectives;
    private readonly long seed;
    private readonly int batchRows;

    /// <summary>Draws the rows.</summary>
    /// <param name="config">The run's config, as the stage sees it.</param>
    /// <param name="builder">Makes the rows.</param>
    /// <param name="stage">The stage.</param>
    /// <param name="maskId">The mask token.</param>
    /// <param name="dtype">Type of the activations.</param>
    /// <param name="device">Where the model is.</param>
    public Validation(TrainingConfig config, IRowBuilder builder, StageConfig stage, int maskId, ScalarType dtype, Device device)
    {
        seed = config.Seed;
        batchRows = config.BatchRows;
        rows = [.. Enumerable.Range(0, config.ValidationRows).Select(row => builder.Build(new SampleRandom(config.Seed, -1, row)))];
        objectives =
            stage.Kind == StageKind.Ar
                ? [new AutoregressiveObjective(config.ContextLength, dtype, device)]
                :
                [
                    .. Grid.Select(rate => new BlockDiffusionObjective(
                        stage.Diffusion with
                        {
                            Noise = stage.Noise with { FixedRate = rate },
                            WarmupShare = 0,
                        },
                        config.ContextLength,
                        maskId,
                        dtype,
                        device
                    )),
                ];
    }

    /// <summary>Measures a model.</summary>
    /// <returns>Nats a token.</returns>
    public double Measure(DiffusionTransformer model)
    {
        using var noGrad = no_grad();
        double sum = 0;
        foreach (IObjective objective in objectives)
        {
            for (int start = 0; start < rows.Count; start += batchRows)
            {
                using var scope = NewDisposeScope();
                List<TrainingRow> batch = rows.GetRange(start, Math.Min(batchRows, rows.Count - start));
                LossTerms? terms = objective.Terms(model, batch, 0, new SampleRandom(seed, -2, start));
                sum += terms is null ? 0 : FusedLinearCrossEntropy.Evaluate(terms, model.HeadWeight) * batch.Count;
            }
        }
        return sum / rows.Count / objectives.Count;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IObjective objective in objectives)
        {
            objective.Dispose();
        }
    }
}
