using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>How fillers are compared. The one source of these defaults.</summary>
public sealed record InfillEvaluationOptions
{
    /// <value>Most new tokens a hole may get. Default 64.</value>
    public int MaxNewTokens { get; init; } = 64;

    /// <value>How the engine samples. Default greedy, one token a step.</value>
    public InfillOptions Sampling { get; init; } = new();

    /// <value>Seed of the bootstrap. Default 0.</value>
    public int Seed { get; init; }
}

/// <summary>How far an evaluation has come.</summary>
/// <param name="Filler">Who is filling.</param>
/// <param name="Done">Holes filled by it.</param>
/// <param name="Total">Holes.</param>
/// <param name="ExactMatch">Share filled exactly so far.</param>
public sealed record InfillEvaluationProgress(string Filler, int Done, int Total, double ExactMatch);

/// <summary>Fills held-out holes and scores the fills: exact match, edit similarity and whether the file still parses, against a baseline on the same holes.</summary>
public static class InfillEvaluation
{
    /// <summary>Evaluates an engine.</summary>
    /// <param name="engine">The loaded model; stays the caller's.</param>
    /// <param name="holes">Held-out holes.</param>
    /// <param name="baseline">Compared with the engine hole by hole; null for none.</param>
    /// <param name="options">Budget, sampling, seed.</param>
    /// <param name="progress">Told after each hole; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked at every hole and inside the engine.</param>
    public static Task<InfillEvaluationReport> RunAsync(
        IInfillEngine engine,
        IReadOnlyList<Hole> holes,
        IHoleFiller? baseline,
        InfillEvaluationOptions options,
        IProgress<InfillEvaluationProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var filler = new EngineHoleFiller(engine, options.Sampling);
        return RunAsync(baseline is null ? [filler] : [filler, baseline], holes, options, progress, cancellationToken);
    }

    /// <summary>Evaluates one filler, or compares several with the last of them.</summary>
    /// <param name="fillers">At least one; the differences are each of the others minus the last.</param>
    /// <param name="holes">Held-out holes.</param>
    /// <param name="options">Budget, sampling, seed.</param>
    /// <param name="progress">Told after each hole; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked at every hole.</param>
    /// <exception cref="ArgumentException">No holes, or no fillers.</exception>
    public static async Task<InfillEvaluationReport> RunAsync(
        IReadOnlyList<IHoleFiller> fillers,
        IReadOnlyList<Hole> holes,
        InfillEvaluationOptions options,
        IProgress<InfillEvaluationProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (holes.Count == 0 || fillers.Count == 0)
        {
            throw new ArgumentException($"{holes.Count} holes and {fillers.Count} fillers; give at least one of each");
        }
        var scores = new List<HoleScore[]>();
        foreach (IHoleFiller filler in fillers)
        {
            scores.Add(await FillAllAsync(filler, holes, options, progress, cancellationToken));
        }
        HoleKind[] kinds = [.. holes.Select(hole => hole.Kind).Distinct().Order()];
        return new InfillEvaluationReport(
            [.. kinds.SelectMany(kind => scores.Select(own => Figures([.. own.Where(score => score.Kind == kind)])))],
            [.. kinds.SelectMany(kind => scores.SkipLast(1).Select(own => Difference(kind, own, scores[^1], options.Seed)))],
            [.. scores.SelectMany(own => own)]
        );
    }

    /// <summary>Scores a fill.</summary>
    public static HoleScore Score(string filler, Hole hole, HoleFill fill)
    {
        (string text, string answer) = (fill.Text.Trim(), hole.Answer.Trim());
        double similarity = EditSimilarity.Of(text, answer);
        return new HoleScore(
            hole.Id,
            hole.Kind,
            filler,
            fill.Text,
            text == answer,
            similarity,
            fill.Tokens,
            fill.Forwards,
            fill.Milliseconds,
            CSharpSyntax.StaysSound(hole, fill.Text)
        );
    }

    private static async Task<HoleScore[]> FillAllAsync(
        IHoleFiller filler,
        IReadOnlyList<Hole> holes,
        InfillEvaluationOptions options,
        IProgress<InfillEvaluationProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var scores = new HoleScore[holes.Count];
        int exact = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            scores[i] = Score(filler.Name, holes[i], await filler.FillAsync(holes[i], options.MaxNewTokens, cancellationToken));
            exact += scores[i].Exact ? 1 : 0;
            progress?.Report(new InfillEvaluationProgress(filler.Name, i + 1, scores.Length, (double)exact / (i + 1)));
        }
        return scores;
    }

    private static FillerFigures Figures(HoleScore[] scores) =>
        new(
            scores[0].Filler,
            scores[0].Kind,
            scores.Length,
            scores.Average(score => score.Exact ? 1.0 : 0.0),
            scores.Average(score => score.EditSimilarity),
            (double)scores.Sum(score => score.Tokens) / Math.Max(1, scores.Sum(score => score.Forwards)),
            scores.Average(score => score.Milliseconds),
            scores.Average(score => score.Parses ? 1.0 : 0.0)
        );

    private static FillerDifference Difference(HoleKind kind, HoleScore[] first, HoleScore[] second, int seed)
    {
        double[] Of(HoleScore[] scores, Func<HoleScore, double> value) => [.. scores.Where(score => score.Kind == kind).Select(value)];
        ConfidenceInterval Interval(Func<HoleScore, double> value) => PairedBootstrap.Difference(Of(first, value), Of(second, value), seed);
        return new FillerDifference(
            kind,
            Interval(score => score.Exact ? 1 : 0),
            Interval(score => score.EditSimilarity),
            Interval(score => score.Parses ? 1 : 0),
            first[0].Filler
        );
    }
}
