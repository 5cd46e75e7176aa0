using System.Diagnostics;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Engine.Weights;
using StableDiffCoder.Training.Data;
using StableDiffCoder.Training.Objectives;
using StableDiffCoder.Training.Optimization;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Running;

/// <summary>Trains a model through its stages: the whole loop, to be read from top to bottom.</summary>
public sealed class TrainingRun
{
    private readonly TrainingConfig config;
    private readonly IProgress<TrainingMetrics>? progress;
    private readonly double? peakRate;
    private readonly HuggingFaceTokenizer tokenizer;
    private readonly Device device;
    private readonly ScalarType dtype;
    private readonly CheckpointStore checkpoints;
    private readonly Stopwatch clock = new();

    /// <summary>Prepares a run; nothing is written yet.</summary>
    /// <param name="config">A validated config.</param>
    /// <param name="progress">Told of each update.</param>
    /// <param name="peakRate">The machine's large matrix products, operations a second, for the share in the metrics; null leaves it out.</param>
    public TrainingRun(TrainingConfig config, IProgress<TrainingMetrics>? progress, double? peakRate = null)
    {
        this.config = config;
        this.progress = progress;
        this.peakRate = peakRate;
        TorchRuntime.EnsureLoaded();
        tokenizer = HuggingFaceTokenizer.Load(config.Tokenizer);
        device = ComputeDevice.Parse(config.Device).Device;
        dtype = config.Dtype == "bfloat16" ? ScalarType.BFloat16 : ScalarType.Float32;
        checkpoints = new CheckpointStore(Path.Combine(config.Out, "checkpoints"), config.KeepCheckpoints);
    }

    /// <summary>Trains to the end of the last stage and writes the model to <c>OUT/model</c>.</summary>
    /// <param name="resume">Continue from the newest checkpoint instead of refusing to overwrite one.</param>
    /// <param name="cancellationToken">Checked between updates; a checkpoint is written before leaving.</param>
    /// <returns>The folder of the trained model.</returns>
    /// <exception cref="TrainingException">Bad data, NaN loss, a full disk, checkpoints in the way; checkpoints written so far are intact.</exception>
    public string Run(bool resume, CancellationToken cancellationToken)
    {
        var data = new TrainingData(config, tokenizer);
        using DiffusionTransformer model = CreateModel();
        using var optimizer = new MasterWeightOptimizer(model, config.Optimizer);
        TrainingPosition? newest = checkpoints.ReadNewest(optimizer);
        if (newest is not null && !resume)
        {
            throw new TrainingException($"{config.Out} already holds checkpoints; continue with --resume, or choose another 'out'.");
        }
        TrainingPosition position = newest ?? new TrainingPosition(0, 0, 0, 0);
        using var log = new MetricsLog(Path.Combine(config.Out, "metrics.jsonl"));
        while (position.Stage < config.Stages.Count)
        {
            position = RunStage(position, model, optimizer, data, log, cancellationToken);
            checkpoints.Write(position, optimizer);
        }
        string folder = Path.Combine(config.Out, "model");
        Write(folder, model.Config, optimizer);
        return folder;
    }

    /// <summary>Writes the model of a checkpoint, whether the run is done or not.</summary>
    /// <param name="folder">Where to; files in it are replaced.</param>
    /// <param name="best">The checkpoint with the lowest validation loss of the latest stage instead of the newest.</param>
    /// <returns>The checkpoint's position.</returns>
    /// <exception cref="TrainingException">There is no such checkpoint, or it is damaged.</exception>
    public TrainingPosition Export(string folder, bool best)
    {
        using DiffusionTransformer model = CreateModel();
        using var optimizer = new MasterWeightOptimizer(model, config.Optimizer);
        string? checkpoint = best ? checkpoints.Best()?.Folder : checkpoints.Newest;
        if (checkpoint is null)
        {
            throw new TrainingException(
                $"{config.Out} has no {(best ? "validated " : "")}checkpoint yet; they are written every {config.CheckpointEvery} updates."
            );
        }
        TrainingPosition position = CheckpointStore.Read(checkpoint, optimizer);
        Write(folder, model.Config, optimizer);
        return position;
    }

    private void Write(string folder, ModelConfig model, MasterWeightOptimizer optimizer)
    {
        ModelExport.Write(folder, model, optimizer, config.Tokenizer);
        if (config.Stages.Any(stage => stage.Kind == StageKind.Sft))
        {
            EditTemplate.Write(folder, config);
        }
    }

    private TrainingPosition RunStage(
        TrainingPosition position,
        DiffusionTransformer model,
        MasterWeightOptimizer optimizer,
        TrainingData data,
        MetricsLog log,
        CancellationToken cancellationToken
    )
    {
        StageConfig stage = config.Stages[position.Stage];
        int updates = config.Updates(stage);
        using IObjective objective = CreateObjective(stage);
        using var validation = new Validation(config.For(stage), data.ValidationRows(stage), stage, MaskId, dtype, device);
        var step = new TrainingStep(model, optimizer, objective, config.Accumulate);
        IRowBuilder rows = data.TrainRows(stage);
        while (position.Update < updates)
        {
            clock.Restart();
            TrainingPosition at = position;
            double done = (double)position.Update / updates;
            double rate = stage.LearningRate.At(done + 0.5 / updates);
            StepResult result = step.Run(
                batch => Batch(rows, stage, at, batch),
                batch => Random(at, batch, -1),
                done,
                rate,
                config.LargestGradientNorm
            );
            if (!result.IsFinite)
            {
                throw Diverged(result, position);
            }
            double seconds = clock.Elapsed.TotalSeconds;
            position = position with
            {
                Update = position.Update + 1,
                OptimizerSteps = position.OptimizerSteps + 1,
                TokensSeen = position.TokensSeen + config.TokensPerUpdate,
                ValidationLoss = null,
            };
            if (position.Update % config.ValidateEvery == 0 || position.Update == updates)
            {
                position = position with { ValidationLoss = validation.Measure(model), ValidatedStage = position.Stage };
            }
            TrainingMetrics metrics = Metrics(model.Config, stage, position, updates, result, rate, seconds, objective.AttendedShare);
            log.Write(metrics);
            progress?.Report(metrics);
            if (IsCheckpoint(position) || cancellationToken.IsCancellationRequested)
            {
                checkpoints.Write(position, optimizer);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        return position with { Stage = position.Stage + 1, Update = 0 };
    }

    // Also where the validation loss is the lowest so far, lest the best weights are lost between two checkpoints.
    private bool IsCheckpoint(TrainingPosition position) =>
        position.Update % config.CheckpointEvery == 0
        || (
            position.ValidationLoss is double loss
            && !(checkpoints.Best() is { } best && best.Position.ValidatedStage == position.Stage && best.Position.ValidationLoss <= loss)
        );

    private static TrainingException Diverged(StepResult result, TrainingPosition position) =>
        new(
            $"{(double.IsFinite(result.Loss) ? "The gradient" : $"The loss, {result.Loss},")} is not a number any more at update {position.Update} of "
                + $"stage {position.Stage}; lower stages.learning_rate.peak and resume from the last checkpoint, which is intact."
        );

    private TrainingMetrics Metrics(
        ModelConfig model,
        StageConfig stage,
        TrainingPosition position,
        int updates,
        StepResult result,
        double rate,
        double seconds,
        double attendedShare
    )
    {
        double predicted = stage.Kind == StageKind.Ar ? 1 : result.MaskRate;
        double operations = TrainingFlops.Of(
            model,
            stage,
            config.For(stage).ContextLength,
            config.TokensPerUpdate,
            predicted,
            attendedShare
        );
        return new TrainingMetrics
        {
            Stage = stage.Name,
            Update = position.Update,
            Updates = updates,
            Tokens = position.TokensSeen,
            Loss = result.Loss,
            GradientNorm = result.GradientNorm,
            MaskRate = result.MaskRate,
            LearningRate = rate,
            TokensPerSecond = config.TokensPerUpdate / seconds,
            PeakShare = operations / seconds / peakRate,
            ValidationLoss = position.ValidationLoss,
            SecondsLeft = (updates - position.Update) * seconds,
        };
    }

    private int MaskId => tokenizer.Special.Require(SpecialTokenKind.Mask);

    private IReadOnlyList<TrainingRow> Batch(IRowBuilder rows, StageConfig stage, TrainingPosition position, int batch) =>
        [.. Enumerable.Range(0, config.For(stage).BatchRows).Select(row => rows.Build(Random(position, batch, row)))];

    private SampleRandom Random(TrainingPosition position, int batch, int row) =>
        new(config.Seed, position.Stage, position.Update, batch, row);

    private IObjective CreateObjective(StageConfig stage) =>
        stage.Kind == StageKind.Ar
            ? new AutoregressiveObjective(config.For(stage).ContextLength, dtype, device)
            : new BlockDiffusionObjective(stage.Diffusion, config.For(stage).ContextLength, MaskId, dtype, device);

    private DiffusionTransformer CreateModel()
    {
        if (config.InitFrom is null)
        {
            var fresh = new DiffusionTransformer(config.ToModelConfig(tokenizer.VocabularySize), dtype, device);
            WeightInitialization.Randomize(fresh, config.Seed);
            return fresh;
        }
        ModelDirectory directory = ModelDirectory.Open(config.InitFrom);
        if (directory.Config.VocabSize < tokenizer.VocabularySize || directory.Config.MaxPositionEmbeddings < config.LongestContext)
        {
            throw new TrainingException(
                $"{config.InitFrom} has {directory.Config.VocabSize} token ids and {directory.Config.MaxPositionEmbeddings} positions, and the run "
                    + $"needs {tokenizer.VocabularySize} and {config.LongestContext}; use its own tokenizer.json, or a shorter context_length."
            );
        }
        var model = new DiffusionTransformer(config.AfterTraining(directory.Config), dtype, device);
        using var noGrad = no_grad();
        WeightLoader.Load(directory, model.Weights);
        return model;
    }
}
