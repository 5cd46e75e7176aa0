using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Training.Running;

namespace StableDiffCoder.Training.Experiments;

/// <summary>
/// The report's headline: the same architecture, data and initialisation, trained on autoregressively (the twin) or by block diffusion, and
/// compared on held-out holes. The twin decodes FIM from left to right and has the better of two learning rates; it is measured at equal
/// tokens, and at equal operations, since the layout of block diffusion runs two positions a token.
/// </summary>
public sealed class TwinExperiment : IExperiment
{
    private static readonly double[] Rates = [4e-3, 2e-3];

    /// <inheritdoc/>
    public string Name => "headline";

    /// <inheritdoc/>
    public string Title => "The headline: an autoregressive twin against AR → block diffusion on held-out C# holes";

    /// <summary>Block diffusion from the autoregressive run of a seed.</summary>
    internal static TrainedRun Diffusion(ExperimentContext context, CodeModels models, long seed) =>
        models.Continue("headline-cpt", models.Base(seed), seed, CodeModels.Stage(StageKind.Cpt, Tokens(context)));

    private static long Tokens(ExperimentContext context) => context.Sized(1_000_000L, 512L);

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context)
    {
        var models = new CodeModels(context);
        int vocabulary = HuggingFaceTokenizer.Load(context.Data.Tokenizer).VocabularySize;
        TrainedRun[] diffusion = [.. models.Seeds.Select(seed => Diffusion(context, models, seed))];
        TrainedRun[][] twins =
        [
            .. Rates.Select(rate =>
                models.Seeds.Select(seed => Twin(context, models, seed, $"rate-{Figures.Rate(rate)}", Tokens(context), rate)).ToArray()
            ),
        ];
        int better = twins[0].Average(run => run.ValidationLoss) <= twins[1].Average(run => run.ValidationLoss) ? 0 : 1;
        double tokenCost = RunCurves.Operations(twins[better][0], vocabulary) / twins[better][0].Tokens;
        long equalTokens = (long)(RunCurves.Operations(diffusion[0], vocabulary) / tokenCost);
        TrainedRun[] longer = [.. models.Seeds.Select(seed => Twin(context, models, seed, "equal-flops", equalTokens, Rates[better]))];
        var holes = new HoleMeasurement(context);
        var block = new HoleArm("AR → block diffusion", [.. diffusion.Select(run => holes.Diffusion(run))]);
        var left = new HoleArm(
            $"{block.Name}, from the left",
            [.. diffusion.Select(run => holes.Diffusion(run, RemaskingOrder.LeftToRight))]
        );
        var equal = new HoleArm("AR twin, equal tokens", [.. twins[better].Select(holes.Autoregressive)]);
        var compute = new HoleArm("AR twin, equal FLOPs", [.. longer.Select(holes.Autoregressive)]);
        return new ExperimentResult
        {
            Tables =
            [
                new ResultTable(
                    "Training, first seed",
                    ["trained by", "tokens after AR", "PFLOP", "validation (nats)", "minutes"],
                    [
                        Row(block.Name, diffusion[0], vocabulary),
                        .. Rates.Select((rate, i) => Row($"AR twin, rate {Figures.Rate(rate)}", twins[i][0], vocabulary)),
                        Row(compute.Name, longer[0], vocabulary),
                    ]
                ),
                HoleComparison.Table([block, left, equal, compute]),
                HoleComparison.Differences(block, [left, equal, compute]),
                HoleComparison.Differences(left, [equal, compute]),
            ],
            Plots =
            [
                new ResultPlot(
                    "Validation, first seed: NLL (twins), NELBO (block diffusion)",
                    "million tokens after AR",
                    "nats a token",
                    [
                        RunCurves.Validation(block.Name, diffusion[0]),
                        RunCurves.Validation(equal.Name, twins[better][0]),
                        RunCurves.Validation(compute.Name, longer[0]),
                    ]
                ),
            ],
            Findings =
            [
                $"The twin's better learning rate is {Figures.Rate(Rates[better])} (mean validation NLL {Figures.Number(twins[better].Average(run => run.ValidationLoss))} against {Figures.Number(twins[1 - better].Average(run => run.ValidationLoss))}).",
                .. HoleComparison.Findings(block, equal),
                .. HoleComparison.Findings(block, compute),
            ],
        };
    }

    private static TrainedRun Twin(ExperimentContext context, CodeModels models, long seed, string name, long tokens, double rate) =>
        models.Continue($"headline-twin-{name}", models.Base(seed), seed, CodeModels.Stage(StageKind.Ar, tokens, rate));

    private static string[] Row(string name, TrainedRun run, int vocabulary) =>
        [
            name,
            Figures.Millions(run.Tokens),
            Figures.Number(RunCurves.Operations(run, vocabulary) / 1e15, 3),
            Figures.Number(run.ValidationLoss),
            Figures.Number(run.Seconds / 60, 1),
        ];
}
