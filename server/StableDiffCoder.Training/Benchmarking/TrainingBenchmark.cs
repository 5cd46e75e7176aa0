using System.Diagnostics;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Training.Data;
using StableDiffCoder.Training.Objectives;
using StableDiffCoder.Training.Optimization;
using StableDiffCoder.Training.Running;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Benchmarking;

/// <summary>
/// Measures the training step as a share of the machine's matrix products, in one run on one machine: the large product, the products at
/// the model's own shapes, then updates of an ar and of a cpt stage on made-up rows.
/// </summary>
public static class TrainingBenchmark
{
    private const int MaskId = 5;
    private const int HeadRows = 512;
    private const int FewestUpdates = 3;

    /// <summary>Measures. Call it on the thread whose libtorch thread count is set.</summary>
    /// <param name="options">Shapes, type, device, time.</param>
    /// <param name="progress">Told what is measured; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked between measurements and updates.</param>
    public static TrainingBenchmarkResult Run(
        TrainingBenchmarkOptions options,
        IProgress<string>? progress,
        CancellationToken cancellationToken
    )
    {
        TorchRuntime.EnsureLoaded();
        TrainingConfig config = options.ToConfig();
        Device device = ComputeDevice.Parse(options.Device).Device;
        ScalarType dtype = options.Dtype == "bfloat16" ? ScalarType.BFloat16 : ScalarType.Float32;
        double Large(ScalarType type)
        {
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Report($"large product, {ComputeDevice.NameOf(type)}");
            return MatrixProductRate.Large(type, device, options.Time);
        }

        double bfloat16 = Large(ScalarType.BFloat16);
        double float32 = Large(ScalarType.Float32);
        double peak = dtype == ScalarType.BFloat16 ? bfloat16 : float32;
        ModelConfig shape = options.ToModelConfig();
        progress?.Report("products at the model's shapes");
        long rows = 2L * options.BatchRows * options.ContextLength;
        double atShapes = MatrixProductRate.AtShapes(shape, rows, HeadRows, dtype, device, options.Time);
        using var model = new DiffusionTransformer(shape, dtype, device);
        WeightInitialization.Randomize(model, seed: 1);
        using var optimizer = new MasterWeightOptimizer(model, config.Optimizer);
        var speeds = new List<StageSpeed>();
        foreach (StageConfig stage in config.Stages)
        {
            string name = stage.Kind == StageKind.Ar ? "ar" : "cpt";
            progress?.Report($"training step, {name}");
            speeds.Add(Measure(name, stage, config, model, optimizer, options.Time, peak, atShapes, cancellationToken));
        }
        // Other work on the machine can slow the large product down, never speed it up: the better of two, at both ends of the run.
        peak = Math.Max(peak, Large(dtype));
        return new TrainingBenchmarkResult(
            options.Device,
            options.Dtype,
            get_num_threads(),
            model.ParameterCount,
            dtype == ScalarType.BFloat16 ? peak : bfloat16,
            dtype == ScalarType.BFloat16 ? float32 : peak,
            atShapes,
            [.. speeds.Select(speed => speed with { ShareOfLarge = speed.OperationsPerSecond / peak })]
        );
    }

    private static StageSpeed Measure(
        string name,
        StageConfig stage,
        TrainingConfig config,
        DiffusionTransformer model,
        MasterWeightOptimizer optimizer,
        TimeSpan time,
        double peak,
        double atShapes,
        CancellationToken cancellationToken
    )
    {
        using IObjective objective =
            stage.Kind == StageKind.Ar
                ? new AutoregressiveObjective(config.ContextLength, model.DataType, model.Device)
                : new BlockDiffusionObjective(stage.Diffusion, config.ContextLength, MaskId, model.DataType, model.Device);
        var step = new TrainingStep(model, optimizer, objective, config.Accumulate);
        var seconds = new List<double>();
        double maskRate = 0;
        var clock = Stopwatch.StartNew();
        // The first update allocates and is not counted.
        for (int update = 0; seconds.Count < FewestUpdates || clock.Elapsed < time; update++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int number = update;
            StepResult result = default;
            TimeSpan elapsed = MatrixProductRate.Timed(
                () =>
                    result = step.Run(
                        batch => [.. Enumerable.Range(0, config.BatchRows).Select(row => MadeUpRow(model, config, number, batch, row))],
                        batch => new SampleRandom(number, batch),
                        // Past the corruption warmup: the masks of most of a stage.
                        stageProgress: 0.5,
                        learningRate: 1e-4,
                        config.LargestGradientNorm
                    ),
                model.Device
            );
            if (update > 0)
            {
                seconds.Add(elapsed.TotalSeconds);
                maskRate += result.MaskRate;
            }
        }
        seconds.Sort();
        double tokens = config.TokensPerUpdate / seconds[seconds.Count / 2];
        double predicted = stage.Kind == StageKind.Ar ? 1 : maskRate / seconds.Count;
        double rate = TrainingFlops.Of(model.Config, stage, config.ContextLength, tokens, predicted, objective.AttendedShare);
        int positions = TrainingFlops.PositionsPerToken(stage, config.ContextLength);
        return new StageSpeed(name, tokens, tokens * positions, rate, rate / peak, rate / atShapes);
    }

    private static TrainingRow MadeUpRow(DiffusionTransformer model, TrainingConfig config, int update, int batch, int row)
    {
        var random = new SampleRandom(update, batch, row);
        var ids = new int[config.ContextLength];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = random.NextInt(0, model.Config.VocabSize - 1);
        }
        return new TrainingRow(ids);
    }
}
