namespace StableDiffCoder.Training.Evaluation;

/// <summary>A mean with the bounds between which it lies with 95 % confidence.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Low">2.5 % of the resampled means lie below.</param>
/// <param name="High">2.5 % of the resampled means lie above.</param>
public sealed record ConfidenceInterval(double Mean, double Low, double High)
{
    /// <summary>Whether the two models differ, as far as these items tell.</summary>
    public bool ExcludesZero => Low > 0 || High < 0;
}

/// <summary>
/// The percentile bootstrap (Efron 1979) of a mean difference: both models are scored on the same items, and the items are drawn again with
/// replacement, so that what makes an item hard for both cancels out.
/// </summary>
public static class PairedBootstrap
{
    /// <summary>Draws in an interval.</summary>
    public const int Resamples = 10_000;

    /// <summary>The interval of mean(first − second).</summary>
    /// <param name="first">Scores of one model, one an item.</param>
    /// <param name="second">Scores of the other on the same items.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="resamples">How often to draw.</param>
    /// <exception cref="ArgumentException">Different numbers of scores, or none.</exception>
    public static ConfidenceInterval Difference(
        IReadOnlyList<double> first,
        IReadOnlyList<double> second,
        int seed,
        int resamples = Resamples
    )
    {
        if (first.Count != second.Count || first.Count == 0)
        {
            throw new ArgumentException($"{first.Count} and {second.Count} scores; give one of each model for every item");
        }
        double[] differences = [.. first.Zip(second, (a, b) => a - b)];
        var random = new Random(seed);
        var means = new double[resamples];
        for (int i = 0; i < resamples; i++)
        {
            double sum = 0;
            for (int j = 0; j < differences.Length; j++)
            {
                sum += differences[random.Next(differences.Length)];
            }
            means[i] = sum / differences.Length;
        }
        Array.Sort(means);
        return new ConfidenceInterval(
            differences.Average(),
            means[(int)(0.025 * resamples)],
            means[(int)Math.Ceiling(0.975 * resamples) - 1]
        );
    }
}
