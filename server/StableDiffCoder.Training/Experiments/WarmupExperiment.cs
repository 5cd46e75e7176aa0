using StableDiffCoder.Training.Objectives;
using StableDiffCoder.Training.Optimization;
using StableDiffCoder.Training.Running;

namespace StableDiffCoder.Training.Experiments;

/// <summary>
/// The corruption warmup (report 3.2, figure 4) at the boundary from autoregressive to diffusion training: block diffusion, and full
/// bidirectional attention with the shift of figure 4 and without; each with warmup and without it, and a clipped warmup as an ablation.
/// </summary>
public sealed class WarmupExperiment : IExperiment
{
    private const long Seed = 1;
    private const double WarmupShare = 0.5;

    private sealed record Arm(string Target, string Warmup, TrainedRun Run)
    {
        public double PeakLoss => Run.Metrics.Max(metrics => metrics.Loss);

        public double PeakNorm => Run.Metrics.Max(metrics => metrics.GradientNorm);
    }

    /// <inheritdoc/>
    public string Name => "warmup";

    /// <inheritdoc/>
    public string Title => "Warmup (figure 4): peak loss and gradient norm at the boundary from autoregressive to diffusion training";

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context)
    {
        var models = new CodeModels(context);
        TrainedRun start = models.Base(Seed);
        var blocks = new BlockNoiseOptions { BlockLength = 4 };
        var full = new BlockNoiseOptions { BlockLength = models.ContextLength };
        Arm Train(string target, string warmup, BlockNoiseOptions noise, bool shift, double share) =>
            new(
                target,
                warmup,
                models.Continue(
                    $"boundary-{target}-{warmup}".Replace(' ', '-'),
                    start,
                    Seed,
                    new StageConfig
                    {
                        Kind = StageKind.Cpt,
                        Tokens = context.Sized(400_000L, 1024L),
                        // Constant from the first update: nothing but the noise eases the boundary.
                        LearningRate = new LearningRateSchedule { Peak = 1.5e-3, WarmupShare = 0 },
                        Noise = noise,
                        NoiseWarmupShare = share,
                        LogitShift = shift,
                    },
                    // The report's optimizer: Muon's updates are bounded whatever the gradient is.
                    optimizer: new OptimizerOptions()
                )
            );
        Arm[] arms =
        [
            Train("block diffusion", "warmup", blocks, false, WarmupShare),
            Train("block diffusion", "clipped warmup", blocks with { ClippedWarmup = true }, false, WarmupShare),
            Train("block diffusion", "none", blocks, false, 0),
            Train("bidirectional shifted", "warmup", full, true, WarmupShare),
            Train("bidirectional shifted", "none", full, true, 0),
            Train("bidirectional", "warmup", full, false, WarmupShare),
            Train("bidirectional", "none", full, false, 0),
        ];
        double lastLoss = RunCurves.End(start).Average(metrics => metrics.Loss);
        double lastNorm = RunCurves.End(start).Average(metrics => metrics.GradientNorm);
        return new ExperimentResult
        {
            Tables =
            [
                new ResultTable(
                    $"Peaks against the end of autoregressive training (loss {Figures.Number(lastLoss)}, gradient norm {Figures.Number(lastNorm, 2)})",
                    ["to", "warmup", "peak loss", "of AR's", "peak gradient norm", "of AR's", "validation at the end"],
                    [
                        .. arms.Select(arm =>
                            (string[])
                                [
                                    arm.Target,
                                    arm.Warmup,
                                    Figures.Number(arm.PeakLoss, 2),
                                    Figures.Times(arm.PeakLoss / lastLoss),
                                    Figures.Number(arm.PeakNorm, 2),
                                    Figures.Times(arm.PeakNorm / lastNorm),
                                    Figures.Number(arm.Run.ValidationLoss),
                                ]
                        ),
                    ]
                ),
                new ResultTable(
                    "Loss during the warmup as c · s^p (√-shaped: p = 0.5)",
                    ["to", "p", "R²"],
                    [
                        .. arms.Where(arm => arm.Warmup == "warmup")
                            .Select(arm =>
                            {
                                (double exponent, double fit) = Shape(arm);
                                return (string[])[arm.Target, Figures.Number(exponent, 2), Figures.Number(fit, 3)];
                            }),
                    ]
                ),
            ],
            Plots =
            [
                Plot("Training loss", arms, metrics => metrics.Loss),
                Plot("Gradient norm before clipping", arms, metrics => metrics.GradientNorm),
            ],
            Findings = [.. Findings(arms)],
        };
    }

    private static ResultPlot Plot(string title, Arm[] arms, Func<TrainingMetrics, double> value) =>
        new(
            title,
            "updates after the boundary",
            title.ToLowerInvariant(),
            [.. arms.Select(arm => RunCurves.ByUpdate($"{arm.Target}, {arm.Warmup}", arm.Run, value))],
            LogarithmicY: true
        );

    private static (double Exponent, double RSquared) Shape(Arm arm)
    {
        TrainingMetrics[] warm = [.. arm.Run.Metrics.Where(metrics => metrics.Update <= WarmupShare * metrics.Updates)];
        return RunCurves.PowerLaw([.. warm.Select(metrics => (double)metrics.Update)], [.. warm.Select(metrics => metrics.Loss)]);
    }

    private static IEnumerable<string> Findings(Arm[] arms)
    {
        foreach (IGrouping<string, Arm> target in arms.GroupBy(arm => arm.Target))
        {
            Arm with = target.First(arm => arm.Warmup == "warmup");
            Arm without = target.First(arm => arm.Warmup == "none");
            yield return $"AR → {target.Key}: without the warmup the loss peaks {Figures.Times(without.PeakLoss / with.PeakLoss)} as high and the gradient norm {Figures.Times(without.PeakNorm / with.PeakNorm)}; validation at the end {Figures.Number(without.Run.ValidationLoss)} without, {Figures.Number(with.Run.ValidationLoss)} with.";
        }
        (double exponent, double fit) = Shape(arms[0]);
        yield return $"Block diffusion's loss in the warmup grows as s^{Figures.Number(exponent, 2)} (R² {Figures.Number(fit, 2)}); √-shaped would be s^0.5.";
    }
}
