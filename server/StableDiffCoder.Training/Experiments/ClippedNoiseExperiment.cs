using StableDiffCoder.Training.Data;
using StableDiffCoder.Training.Objectives;
using StableDiffCoder.Training.Running;

namespace StableDiffCoder.Training.Experiments;

/// <summary>
/// Block-wise clipped noise (report 3.3, eq. 11): how often a block has no supervised token with plain and with clipped noise, beside
/// 1/(B + 1), and what clipping does to the validation loss at equal tokens.
/// </summary>
public sealed class ClippedNoiseExperiment : IExperiment
{
    private const long Seed = 1;

    /// <inheritdoc/>
    public string Name => "clipped-noise";

    /// <inheritdoc/>
    public string Title => "Clipped noise (eq. 11): blocks without a supervised token, and the loss at equal tokens";

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context)
    {
        var models = new CodeModels(context);
        TrainedRun start = models.Base(Seed);
        int[] blocks = context.Sized<int[]>([2, 4, 8, 32], [2, 4]);
        (int Block, TrainedRun Plain, TrainedRun Clipped)[] runs =
        [
            .. blocks.Select(block => (block, Train(context, models, start, block, false), Train(context, models, start, block, true))),
        ];
        int drawn = context.Sized(500_000, 20_000);
        (int Block, double Plain, double Clipped)[] shares =
        [
            .. blocks.Select(block => (block, ShareWithoutMask(block, false, drawn), ShareWithoutMask(block, true, drawn))),
        ];
        return new ExperimentResult
        {
            Tables =
            [
                new ResultTable(
                    $"Share of blocks without a supervised token, {drawn} blocks drawn",
                    ["B", "1/(B+1)", "plain", "clipped"],
                    [
                        .. shares.Select(row =>
                            (string[])
                                [
                                    $"{row.Block}",
                                    Figures.Percent(1.0 / (row.Block + 1)),
                                    Figures.Percent(row.Plain),
                                    Figures.Percent(row.Clipped),
                                ]
                        ),
                    ]
                ),
                new ResultTable(
                    $"Validation NELBO (nats a token, unclipped, fixed grid of t) after {Figures.Millions(runs[0].Plain.Tokens)} tokens of cpt",
                    ["B", "plain", "clipped", "difference", "gradient norm at the end: plain", "clipped"],
                    [
                        .. runs.Select(row =>
                            (string[])
                                [
                                    $"{row.Block}",
                                    Figures.Number(row.Plain.ValidationLoss),
                                    Figures.Number(row.Clipped.ValidationLoss),
                                    Figures.Number(row.Clipped.ValidationLoss - row.Plain.ValidationLoss),
                                    Figures.Number(Norm(row.Plain), 2),
                                    Figures.Number(Norm(row.Clipped), 2),
                                ]
                        ),
                    ]
                ),
            ],
            Plots =
            [
                new ResultPlot(
                    "Validation NELBO",
                    "million tokens",
                    "nats a token",
                    [
                        .. runs.SelectMany(row =>
                            (ResultSeries[])
                                [
                                    RunCurves.Validation($"B = {row.Block}, plain", row.Plain),
                                    RunCurves.Validation($"B = {row.Block}, clipped", row.Clipped),
                                ]
                        ),
                    ]
                ),
            ],
            Findings = [.. Findings(shares, runs)],
        };
    }

    private static TrainedRun Train(ExperimentContext context, CodeModels models, TrainedRun start, int block, bool clipped) =>
        models.Continue(
            $"noise-b{block}-{(clipped ? "clipped" : "plain")}",
            start,
            Seed,
            CodeModels.Stage(StageKind.Cpt, context.Sized(600_000L, 512L)) with
            {
                Noise = new BlockNoiseOptions { BlockLength = block, Clipped = clipped },
            }
        );

    private static double ShareWithoutMask(int block, bool clipped, int blocks)
    {
        RowNoise noise = new BlockNoise(new BlockNoiseOptions { BlockLength = block, Clipped = clipped }).Draw(
            blocks * block,
            null,
            new SampleRandom(Seed, block)
        );
        return 1 - (double)noise.Positions.Select(position => position / block).Distinct().Count() / blocks;
    }

    private static double Norm(TrainedRun run) => RunCurves.End(run).Average(metrics => metrics.GradientNorm);

    private static IEnumerable<string> Findings(
        (int Block, double Plain, double Clipped)[] shares,
        (int Block, TrainedRun Plain, TrainedRun Clipped)[] runs
    )
    {
        double farthest = shares.Max(row => Math.Abs(row.Plain - 1.0 / (row.Block + 1)));
        yield return $"Eq. 11 holds: plain noise leaves 1/(B+1) of the blocks without a supervised token (largest distance {Figures.Percent(farthest)}); clipped noise leaves {Figures.Percent(shares.Max(row => row.Clipped))} at most.";
        string[] lower = [.. runs.Where(row => row.Clipped.ValidationLoss < row.Plain.ValidationLoss).Select(row => $"{row.Block}")];
        yield return lower.Length == 0
            ? "At equal tokens clipping lowers the validation loss for no B."
            : $"At equal tokens clipping lowers the validation loss for B = {string.Join(", ", lower)} of {string.Join(", ", runs.Select(row => row.Block))} (one seed).";
    }
}
