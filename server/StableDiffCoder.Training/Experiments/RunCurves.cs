using StableDiffCoder.Training.Running;

namespace StableDiffCoder.Training.Experiments;

/// <summary>Curves and figures of a run's metrics.</summary>
internal static class RunCurves
{
    /// <summary>A value against updates.</summary>
    public static ResultSeries ByUpdate(string name, TrainedRun run, Func<TrainingMetrics, double> value) =>
        new(name, [.. run.Metrics.Select(metrics => (double)metrics.Update)], [.. run.Metrics.Select(value)]);

    /// <summary>A value against millions of tokens.</summary>
    public static ResultSeries ByTokens(string name, TrainedRun run, Func<TrainingMetrics, double> value) =>
        new(name, [.. run.Metrics.Select(metrics => metrics.Tokens / 1e6)], [.. run.Metrics.Select(value)]);

    /// <summary>Validation loss against millions of tokens.</summary>
    public static ResultSeries Validation(string name, TrainedRun run)
    {
        TrainingMetrics[] validated = [.. run.Metrics.Where(metrics => metrics.ValidationLoss is not null)];
        return new ResultSeries(
            name,
            [.. validated.Select(metrics => metrics.Tokens / 1e6)],
            [.. validated.Select(metrics => metrics.ValidationLoss!.Value)]
        );
    }

    /// <summary>The last updates of a run, an eighth of it and at least one.</summary>
    public static IReadOnlyList<TrainingMetrics> End(TrainedRun run) => [.. run.Metrics.TakeLast(Math.Max(1, run.Metrics.Count / 8))];

    /// <summary>Operations of all updates.</summary>
    public static double Operations(TrainedRun run, int vocabularySize)
    {
        StageConfig stage = run.Config.Stages[0];
        return run.Metrics.Sum(metrics =>
            TrainingFlops.Of(
                run.Config.ToModelConfig(vocabularySize),
                stage,
                run.Config.ContextLength,
                run.Config.TokensPerUpdate,
                stage.Kind == StageKind.Ar ? 1 : metrics.MaskRate
            )
        );
    }

    /// <summary>
    /// The exponent p and the fit's R² of y = c·x^p, by least squares on logarithms. The report calls the loss of the warmup √-shaped: p = 1/2.
    /// </summary>
    public static (double Exponent, double RSquared) PowerLaw(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        (double X, double Y)[] points =
        [
            .. x.Zip(y)
                .Where(point => point.First > 0 && point.Second > 0)
                .Select(point => (Math.Log(point.First), Math.Log(point.Second))),
        ];
        if (points.Length < 2)
        {
            return (double.NaN, double.NaN);
        }
        (double meanX, double meanY) = (points.Average(point => point.X), points.Average(point => point.Y));
        double covariance = points.Sum(point => (point.X - meanX) * (point.Y - meanY));
        double varianceX = points.Sum(point => (point.X - meanX) * (point.X - meanX));
        double varianceY = points.Sum(point => (point.Y - meanY) * (point.Y - meanY));
        return (covariance / varianceX, covariance * covariance / (varianceX * varianceY));
    }
}
