using StableDiffCoder.Training.Optimization;
using StableDiffCoder.Training.Running;

namespace StableDiffCoder.Training.Experiments;

/// <summary>
/// The small model of C# that most experiments train: 1.6 M weights below the head, context 256. Every continuation starts from the same
/// autoregressive run of its seed, which the experiments share.
/// </summary>
/// <param name="context">Scale, data, runs.</param>
internal sealed class CodeModels(ExperimentContext context)
{
    private const int SeedOfContinuations = 1000;

    // Several samples a row: each hole starts once, and what a hole begins with is the hardest to learn.
    private const int LargestSample = 128;

    private static readonly OptimizerOptions Optimizer = new() { Muon = true };

    private static readonly ModelShape Full = new()
    {
        HiddenSize = 192,
        IntermediateSize = 512,
        LayerCount = 4,
        HeadCount = 3,
        KeyValueHeadCount = 1,
        HeadDimension = 64,
    };

    /// <summary>The shape of the smallest scale; shows nothing but that all runs.</summary>
    internal static readonly ModelShape Tiny = new()
    {
        HiddenSize = 16,
        IntermediateSize = 24,
        LayerCount = 1,
        HeadCount = 2,
        KeyValueHeadCount = 1,
        HeadDimension = 8,
    };

    /// <summary>Tokens a row.</summary>
    public int ContextLength => context.Sized(256, 64);

    /// <summary>Seeds of the experiments that repeat.</summary>
    public IReadOnlyList<long> Seeds => context.Sized<long[]>([1, 2, 3], [1]);

    /// <summary>Autoregressive pretraining: stage 1, before its learning rate falls.</summary>
    public TrainedRun Base(long seed) =>
        context.Train(
            $"code-ar-s{seed}",
            Config(
                seed,
                new StageConfig
                {
                    Kind = StageKind.Ar,
                    Tokens = context.Sized(3_000_000L, 512L),
                    LargestSample = LargestSample,
                    LearningRate = new LearningRateSchedule { Peak = 6e-3, WarmupShare = 0.02 },
                },
                Optimizer
            )
        );

    /// <summary>Trains on from a run, on rows that it has not seen, the same for every continuation of a seed.</summary>
    /// <param name="name">Names the run; the seed is added.</param>
    /// <param name="start">Where the weights come from.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="stage">What to train.</param>
    /// <param name="round">Continuations of continuations see other rows.</param>
    /// <param name="optimizer">Null is Muon, as in pretraining.</param>
    public TrainedRun Continue(
        string name,
        TrainedRun start,
        long seed,
        StageConfig stage,
        int round = 1,
        OptimizerOptions? optimizer = null
    ) =>
        context.Train(
            $"{name}-s{seed}",
            Config(seed + SeedOfContinuations * round, stage with { LargestSample = LargestSample }, optimizer ?? Optimizer) with
            {
                InitFrom = start.Model,
            }
        );

    /// <summary>A stage of a continuation: constant, then linear decay to a twentieth.</summary>
    public static StageConfig Stage(StageKind kind, long tokens, double peak = 4e-3) =>
        new()
        {
            Kind = kind,
            Tokens = tokens,
            LearningRate = new LearningRateSchedule
            {
                Peak = peak,
                WarmupShare = 0.02,
                DecayShare = 0.6,
                FinalShare = 0.05,
            },
        };

    private TrainingConfig Config(long seed, StageConfig stage, OptimizerOptions optimizer) =>
        new()
        {
            Model = context.Sized(Full, Tiny),
            Tokenizer = Path.GetFullPath(context.Data.Tokenizer),
            Train = [.. context.Data.Train.Select(Path.GetFullPath)],
            Validation = [.. context.Data.Validation.Select(Path.GetFullPath)],
            Out = "",
            ContextLength = ContextLength,
            BatchRows = context.Sized(8, 2),
            Seed = seed,
            Optimizer = optimizer,
            CheckpointEvery = context.Sized(100, 2),
            KeepCheckpoints = 1,
            ValidateEvery = context.Sized(100, 2),
            ValidationRows = context.Sized(64, 2),
            Stages = [stage],
        };
}
