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
    private readonly HuggingFaceTokenizer tokenizer;
    private readonly Device device;
    private readonly ScalarType dtype;
    private readonly Stopwatch clock = new();

    /// <summary>Prepares a run; nothing is written yet.</summary>
    /// <param name="config">A validated config.</param>
    /// <param name="progress">Told of each update.</param>
    public TrainingRun(TrainingConfig config, IProgress<TrainingMetrics>? progress)
    {
        this.config = config;
        this.progress = progress;
        TorchRuntime.EnsureLoaded();
        tokenizer = HuggingFaceTokenizer.Load(config.Tokenizer);
        device = new Device(config.Device);
        dtype = config.Dtype == "bfloat16" ? ScalarType.BFloat16 : ScalarType.Float32;
    }

    /// <summary>Trains to the end of the last stage and writes the model to <c>OUT/model</c>.</summary>
    /// <param name="resume">Continue from the newest checkpoint instead of refusing to overwrite one.</param>
    /// <param name="cancellationToken">Checked between updates; a checkpoint is written before leaving.</param>
    /// <returns>The folder of the trained model.</returns>
    /// <exception cref="TrainingException">Bad data, NaN loss, a full disk, checkpoints in the way; checkpoints written so far are intact.</exception>
    public string Run(bool resume, CancellationToken cancellationToken)
    {
        using DiffusionTransformer model = CreateModel();
        using var optimizer = new MasterWeightAdamW(model, config.Optimizer);
        var checkpoints = new CheckpointStore(Path.Combine(config.Out, "checkpoints"), config.KeepCheckpoints);
        TrainingPosition? newest = checkpoints.ReadNewest(optimizer);
        if (newest is not null && !resume)
        {
            throw new TrainingException($"{config.Out} already holds checkpoints; continue with --resume, or choose another 'out'.");
        }
        TrainingPosition position = newest ?? new TrainingPosition(0, 0, 0, 0);
        using var log = new MetricsLog(Path.Combine(config.Out, "metrics.jsonl"));
        while (position.Stage < config.Stages.Count)
        {
            position = RunStage(position, model, optimizer, checkpoints, log, cancellationToken);
            checkpoints.Write(position, optimizer);
        }
        string folder = Path.Combine(config.Out, "model");
        ModelExport.Write(folder, model.Config, optimizer, config.Tokenizer);
        return folder;
    }

    private TrainingPosition RunStage(
        TrainingPosition position,
        DiffusionTransformer model,
        MasterWeightAdamW optimizer,
        CheckpointStore checkpoints,
        MetricsLog log,
        CancellationToken cancellationToken
    )
    {
        StageConfig stage = config.Stages[position.Stage];
        int updates = config.Updates(stage);
        int maskId = tokenizer.Special.Mask!.Value;
        using IObjective objective = CreateObjective(stage, maskId);
        using var validation = new Validation(config, Rows(config.Validation), stage, maskId, dtype, device);
        RowBuilder rows = Rows(config.Train);
        while (position.Update < updates)
        {
            clock.Restart();
            double done = (double)position.Update / updates;
            double loss = 0;
            double maskRate = 0;
            for (int batch = 0; batch < config.Accumulate; batch++)
            {
                using var scope = NewDisposeScope();
                LossTerms? terms = objective.Terms(model, Batch(rows, position, batch), done, Random(position, batch, -1));
                if (terms is not null)
                {
                    loss += FusedLinearCrossEntropy.Backward(terms, model.HeadWeight, 1.0 / config.Accumulate) / config.Accumulate;
                    maskRate += terms.MaskRate / config.Accumulate;
                }
            }
            if (!double.IsFinite(loss))
            {
                throw new TrainingException(
                    $"The loss became {loss} at update {position.Update} of stage {position.Stage}; lower stages.learning_rate.peak and resume from the last checkpoint."
                );
            }
            double rate = stage.LearningRate.At(done + 0.5 / updates);
            double norm = optimizer.Step(rate, config.LargestGradientNorm);
            position = position with
            {
                Update = position.Update + 1,
                OptimizerSteps = position.OptimizerSteps + 1,
                TokensSeen = position.TokensSeen + config.TokensPerUpdate,
            };
            double seconds = clock.Elapsed.TotalSeconds;
            bool validate = position.Update % config.ValidateEvery == 0 || position.Update == updates;
            var metrics = new TrainingMetrics
            {
                Stage = stage.Kind == StageKind.Ar ? "ar" : "cpt",
                Update = position.Update,
                Updates = updates,
                Tokens = position.TokensSeen,
                Loss = loss,
                GradientNorm = norm,
                MaskRate = maskRate,
                LearningRate = rate,
                TokensPerSecond = config.TokensPerUpdate / seconds,
                ValidationLoss = validate ? validation.Measure(model) : null,
                SecondsLeft = (updates - position.Update) * seconds,
            };
            log.Write(metrics);
            progress?.Report(metrics);
            if (position.Update % config.CheckpointEvery == 0 || cancellationToken.IsCancellationRequested)
            {
                checkpoints.Write(position, optimizer);
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
        return position with { Stage = position.Stage + 1, Update = 0 };
    }

    private IReadOnlyList<int[]> Batch(RowBuilder rows, TrainingPosition position, int batch) =>
        [.. Enumerable.Range(0, config.BatchRows).Select(row => rows.Build(Random(position, batch, row)))];

    private SampleRandom Random(TrainingPosition position, int batch, int row) =>
        new(config.Seed, position.Stage, position.Update, batch, row);

    private RowBuilder Rows(IReadOnlyList<string> shards) =>
        new(TokenSource.Open(shards), tokenizer, config.ContextLength, config.FimShare);

    private IObjective CreateObjective(StageConfig stage, int maskId) =>
        stage.Kind == StageKind.Ar
            ? new AutoregressiveObjective(config.ContextLength, dtype, device)
            : new BlockDiffusionObjective(stage.Noise, config.ContextLength, maskId, stage.NoiseWarmupShare, dtype, device);

    private DiffusionTransformer CreateModel()
    {
        int blockLength = config.Stages.LastOrDefault(stage => stage.Kind == StageKind.Cpt)?.Noise.BlockLength ?? 4;
        if (config.InitFrom is null)
        {
            var fresh = new DiffusionTransformer(config.ToModelConfig(tokenizer.VocabularySize, blockLength), dtype, device);
            WeightInitialization.Randomize(fresh, config.Seed);
            return fresh;
        }
        ModelDirectory directory = ModelDirectory.Open(config.InitFrom);
        var model = new DiffusionTransformer(directory.Config with { BlockLength = blockLength }, dtype, device);
        using var noGrad = no_grad();
        WeightLoader.Load(directory, model.Weights);
        return model;
    }
}
