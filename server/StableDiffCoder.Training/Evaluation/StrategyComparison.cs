using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>A way to spend forwards.</summary>
/// <param name="Name">As in the report.</param>
/// <param name="Options">Sampler and strategy.</param>
public sealed record SamplingStrategy(string Name, InfillOptions Options);

/// <summary>What a strategy did on all holes.</summary>
/// <param name="Name">The strategy.</param>
/// <param name="TokensAForward">Tokens that were kept (before eos and stops) by forwards.</param>
/// <param name="Exact">Share filled exactly.</param>
/// <param name="Change">Exact match minus the first strategy's, hole by hole, as a share.</param>
/// <param name="Similarity">Mean edit similarity.</param>
/// <param name="SimilarityChange">The same difference of edit similarity.</param>
/// <param name="Milliseconds">Mean of a hole.</param>
/// <param name="TimeRatio">Its time as a share of the first strategy's.</param>
public sealed record StrategyFigures(
    string Name,
    double TokensAForward,
    double Exact,
    ConfidenceInterval Change,
    double Similarity,
    ConfidenceInterval SimilarityChange,
    double Milliseconds,
    double TimeRatio
)
{
    /// <summary>How much exact match a default may lose against one token a forward, as a share.</summary>
    public const double LargestLoss = 0.01;

    /// <summary>Whether the whole interval lies above −1 point, so that the strategy may be a default.</summary>
    public bool IsAsGood => Change.Low > -LargestLoss;
}

/// <summary>How far a comparison has come.</summary>
/// <param name="Done">Holes filled by all strategies.</param>
/// <param name="Total">Holes.</param>
public sealed record StrategyProgress(int Done, int Total);

/// <summary>
/// Fills the same holes by several strategies. Each hole is filled by all of them in turn, beginning with another one each time, so that a
/// machine that others use slows all alike.
/// </summary>
public static class StrategyComparison
{
    private static readonly InfillOptions Greedy = new();

    /// <summary>The strategies, one token a forward first: what the others are compared with.</summary>
    public static IReadOnlyList<SamplingStrategy> All { get; } =
    [
        new("fused", Greedy with { Sampler = SamplerKind.Fused }),
        new("reference", Greedy with { Sampler = SamplerKind.Reference }),
        new("speculative", Greedy with { Sampler = SamplerKind.Speculative }),
        new("self-verified", Greedy with { Sampler = SamplerKind.SelfVerified }),
        new("fused, threshold 0.9", Greedy with { Threshold = 0.9 }),
        new("fused, threshold 0.7", Greedy with { Threshold = 0.7 }),
        new("fused, threshold 0.5", Greedy with { Threshold = 0.5 }),
        new("fused, entropy bound 0.6", Greedy with { EntropyBound = 0.6 }),
        new("speculative, threshold 0.7", Greedy with { Sampler = SamplerKind.Speculative, Threshold = 0.7 }),
        new("speculative, threshold 0.5", Greedy with { Sampler = SamplerKind.Speculative, Threshold = 0.5 }),
        new("speculative, threshold 0.3", Greedy with { Sampler = SamplerKind.Speculative, Threshold = 0.3 }),
        new("self-verified, threshold 0.5", Greedy with { Sampler = SamplerKind.SelfVerified, Threshold = 0.5 }),
    ];

    /// <summary>Compares.</summary>
    /// <param name="engine">The loaded model, without a prefix cache: a prompt that an earlier strategy left would speed up the next.</param>
    /// <param name="strategies">At least one; the first is what the others are compared with.</param>
    /// <param name="holes">Held-out holes, at least one.</param>
    /// <param name="maxNewTokens">Most new tokens a hole may get.</param>
    /// <param name="progress">Told after each hole; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked at every hole and inside the engine.</param>
    public static async Task<IReadOnlyList<StrategyFigures>> RunAsync(
        IInfillEngine engine,
        IReadOnlyList<SamplingStrategy> strategies,
        IReadOnlyList<Hole> holes,
        int maxNewTokens,
        IProgress<StrategyProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (strategies.Count == 0 || holes.Count == 0)
        {
            throw new ArgumentException($"{strategies.Count} strategies and {holes.Count} holes; give at least one of each");
        }
        EngineHoleFiller[] fillers = [.. strategies.Select(each => new EngineHoleFiller(engine, each.Options, name: each.Name))];
        HoleScore[][] scores = [.. strategies.Select(_ => new HoleScore[holes.Count])];
        for (int hole = 0; hole < holes.Count; hole++)
        {
            for (int turn = 0; turn < fillers.Length; turn++)
            {
                int strategy = (hole + turn) % fillers.Length;
                HoleFill fill = await fillers[strategy].FillAsync(holes[hole], maxNewTokens, cancellationToken);
                scores[strategy][hole] = InfillEvaluation.Score(strategies[strategy].Name, holes[hole], fill);
            }
            progress?.Report(new StrategyProgress(hole + 1, holes.Count));
        }
        double time = scores[0].Sum(score => score.Milliseconds);
        return [.. scores.Select((own, i) => Figures(strategies[i].Name, own, scores[0], time))];
    }

    private static StrategyFigures Figures(string name, HoleScore[] own, HoleScore[] first, double time)
    {
        double[] exact = [.. own.Select(Exact)];
        return new StrategyFigures(
            name,
            (double)own.Sum(score => score.Tokens) / Math.Max(1, own.Sum(score => score.Forwards)),
            exact.Average(),
            PairedBootstrap.Difference(exact, [.. first.Select(Exact)], seed: 0),
            own.Average(score => score.EditSimilarity),
            PairedBootstrap.Difference(
                [.. own.Select(score => score.EditSimilarity)],
                [.. first.Select(score => score.EditSimilarity)],
                seed: 0
            ),
            own.Average(score => score.Milliseconds),
            own.Sum(score => score.Milliseconds) / Math.Max(time, double.Epsilon)
        );
    }

    private static double Exact(HoleScore score) => score.Exact ? 1 : 0;
}
