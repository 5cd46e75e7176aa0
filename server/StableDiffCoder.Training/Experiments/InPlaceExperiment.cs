using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Training.Evaluation;
using StableDiffCoder.Training.Objectives;
using StableDiffCoder.Training.Running;

namespace StableDiffCoder.Training.Experiments;

/// <summary>
/// The curriculum's step 3: from the same block-diffusion model, full bidirectional attention with holes in place and a length filler, or
/// block diffusion in FIM order for as many operations again. Compared on the four kinds of hole, and on files with two and three holes,
/// which only the canvas denoises jointly.
/// </summary>
public sealed class InPlaceExperiment : IExperiment
{
    // What the head of the in-place stage predicts of its tokens, roughly: operations are counted again from the run itself.
    private const double ExpectedMaskRate = 0.15;

    private static readonly int[] HolesOfFiles = [2, 3];

    // A way to train, and a way to decode.
    private sealed record Arm(string Name, TrainedRun[] Runs, RemaskingOrder Order = RemaskingOrder.LowConfidence)
    {
        public Arm FromTheLeft => this with { Name = $"{Name}, from the left", Order = RemaskingOrder.LeftToRight };
    }

    /// <inheritdoc/>
    public string Name => "in-place";

    /// <inheritdoc/>
    public string Title => "In place or in FIM order: step 3 against more block diffusion at equal compute";

    /// <inheritdoc/>
    public ExperimentResult Run(ExperimentContext context)
    {
        var models = new CodeModels(context);
        int vocabulary = HuggingFaceTokenizer.Load(context.Data.Tokenizer).VocabularySize;
        TrainedRun[] starts = [.. models.Seeds.Select(seed => TwinExperiment.Diffusion(context, models, seed))];
        StageConfig more = CodeModels.Stage(StageKind.Cpt, context.Sized(600_000L, 512L)) with { NoiseWarmupShare = 0 };
        var fim = new Arm("block diffusion, FIM order", Train(models, starts, "continued-fim", more));
        StageConfig full = more with
        {
            NoiseWarmupShare = 0.1,
            Noise = new BlockNoiseOptions { BlockLength = models.ContextLength },
            InfillOrder = InfillOrder.InPlace,
        };
        double tokenCost = TrainingFlops.Of(starts[0].Config.ToModelConfig(vocabulary), full, models.ContextLength, 1, ExpectedMaskRate);
        full = full with { Tokens = (long)(RunCurves.Operations(fim.Runs[0], vocabulary) / tokenCost) };
        var canvas = new Arm("bidirectional, in place", Train(models, starts, "continued-in-place", full));
        var holes = new HoleMeasurement(context);
        HoleArm Measured(Arm arm) => new(arm.Name, [.. arm.Runs.Select(run => holes.Diffusion(run, arm.Order))]);
        // The surest place first lets a small model end a hole before it has begun: what it is surest of is the filler.
        Arm[] arms = [canvas.FromTheLeft, fim.FromTheLeft, canvas, fim];
        HoleArm[] measured = [.. arms.Select(Measured)];
        return new ExperimentResult
        {
            Tables =
            [
                new ResultTable(
                    "Training on from block diffusion, first seed",
                    ["trained by", "tokens", "PFLOP", "validation NELBO of its own kind (nats)", "minutes"],
                    [.. ((Arm[])[fim, canvas]).Select(arm => Row(arm, vocabulary))]
                ),
                HoleComparison.Table(measured),
                HoleComparison.Differences(measured[0], measured[1..]),
                Several(arms, holes),
            ],
            Plots =
            [
                new ResultPlot(
                    "Validation NELBO, first seed (over holes for the one, over all tokens for the other)",
                    "million tokens after block diffusion",
                    "nats a token",
                    [RunCurves.Validation(fim.Name, fim.Runs[0]), RunCurves.Validation(canvas.Name, canvas.Runs[0])]
                ),
            ],
            Findings =
            [
                .. HoleComparison.Findings(measured[0], measured[1]),
                .. HolesOfFiles.Select(count => Joint(arms[0], arms[1], count, holes)),
                .. HoleComparison.Findings(measured[2], measured[3]),
            ],
        };
    }

    private static TrainedRun[] Train(CodeModels models, TrainedRun[] starts, string name, StageConfig stage) =>
        [.. models.Seeds.Zip(starts, (seed, start) => models.Continue(name, start, seed, stage, round: 2))];

    private static string[] Row(Arm arm, int vocabulary) =>
        [
            arm.Name,
            Figures.Millions(arm.Runs[0].Tokens),
            Figures.Number(RunCurves.Operations(arm.Runs[0], vocabulary) / 1e15, 3),
            Figures.Number(arm.Runs[0].ValidationLoss),
            Figures.Number(arm.Runs[0].Seconds / 60, 1),
        ];

    private static ResultTable Several(Arm[] arms, HoleMeasurement holes) =>
        new(
            "Files with several holes at once",
            ["holes a file", "trained by", "holes exact", "files all exact", "edit similarity", "parses", "ms a file"],
            [
                .. from count in HolesOfFiles
                from arm in arms
                select Row(count, arm, [.. arm.Runs.Select(run => holes.Several(run, count, arm.Order))]),
            ]
        );

    private static string[] Row(int count, Arm arm, IReadOnlyList<MultiHoleScore>[] seeds) =>
        [
            $"{count}",
            arm.Name,
            Figures.PercentOf([.. seeds.Select(files => files.Average(file => (double)file.Exact / file.Holes))]),
            Figures.PercentOf([.. seeds.Select(files => files.Average(file => file.AllExact ? 1.0 : 0.0))]),
            Figures.PercentOf([.. seeds.Select(files => files.Average(file => file.EditSimilarity))]),
            Figures.PercentOf([.. seeds.Select(files => files.Average(file => file.Parses ? 1.0 : 0.0))]),
            Figures.Number(seeds.Average(files => files.Average(file => file.Milliseconds)), 0),
        ];

    private static string Joint(Arm first, Arm second, int count, HoleMeasurement holes)
    {
        double[] ByFile(Arm arm, Func<MultiHoleScore, double> value) =>
            [
                .. arm
                    .Runs.SelectMany(run => holes.Several(run, count, arm.Order))
                    .GroupBy(file => file.Id)
                    .OrderBy(file => file.Key, StringComparer.Ordinal)
                    .Select(file => file.Average(value)),
            ];
        string Difference(Func<MultiHoleScore, double> value)
        {
            ConfidenceInterval interval = PairedBootstrap.Difference(ByFile(first, value), ByFile(second, value), seed: 0);
            return $"{Figures.Number(100 * interval.Mean, 1)} points ({Figures.Number(100 * interval.Low, 1)} to {Figures.Number(100 * interval.High, 1)})";
        }
        return $"{count} holes at once: {first.Name} minus {second.Name}: edit similarity {Difference(file => file.EditSimilarity)}, holes exact {Difference(file => (double)file.Exact / file.Holes)}.";
    }
}
