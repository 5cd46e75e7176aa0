namespace StableDiffCoder.Training.Evaluation.NGrams;

/// <summary>The baseline's settings. The one source of these defaults.</summary>
public sealed record NGramOptions
{
    /// <value>Tokens in the longest n-gram. Default 5.</value>
    public int Order { get; init; } = 5;

    /// <value>Factor for each step to a shorter context. Default 0.4 (Brants et al. 2007).</value>
    public double Backoff { get; init; } = 0.4;

    /// <value>Weight of the file's own n-grams; the rest is the training text's. Default 0.8.</value>
    public double CacheWeight { get; init; } = 0.8;

    /// <summary>Throws when an option is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        if (Order is < 1 or > 8 || Backoff is <= 0 or > 1 || CacheWeight is < 0 or > 1)
        {
            throw new ArgumentException(
                $"order {Order}, backoff {Backoff}, cacheWeight {CacheWeight}: use an order of 1 to 8, a backoff above 0 and at most 1, a weight of 0 to 1"
            );
        }
    }
}
