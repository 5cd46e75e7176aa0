namespace StableDiffCoder.Engine.Infilling;

/// <summary>How one infill request is sampled. The one source of these defaults.</summary>
public sealed record InfillOptions
{
    /// <summary>The largest accepted <see cref="MaxNewTokens"/>.</summary>
    public const int MaxNewTokensLimit = 4096;

    /// <value>Most new tokens a span may get; rounded up to whole blocks inside the engine. Default 64.</value>
    public int MaxNewTokens { get; init; } = 64;

    /// <value>
    /// Reveal every masked token of the current block whose confidence is at least this probability (the best one always).
    /// Null reveals one token a step. Default null.
    /// </value>
    public double? Threshold { get; init; }

    /// <value>Sampling temperature; 0 is greedy. Default 0.</value>
    public double Temperature { get; init; }

    /// <value>Seed of the sampling noise; unused at temperature 0. Default 0.</value>
    public long Seed { get; init; }

    /// <value>Generation stops after a block in which the new text contains one of these; the text ends before it. Default none.</value>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <value>Tokens of context (prefix and suffix together) given to the model; null takes what the model's window leaves. Default null.</value>
    public int? ContextTokens { get; init; }

    /// <summary>Throws when a value is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        Require(MaxNewTokens is >= 1 and <= MaxNewTokensLimit, $"maxNewTokens is {MaxNewTokens}; use 1 to {MaxNewTokensLimit}");
        Require(Threshold is null or (>= 0 and <= 1), $"threshold is {Threshold}; use a probability from 0 to 1, or null");
        Require(Temperature is >= 0 and <= 10, $"temperature is {Temperature}; use 0 to 10");
        Require(ContextTokens is null or >= 0, $"contextTokens is {ContextTokens}; use 0 or more, or null");
        Require(StopStrings.All(stop => stop.Length > 0), "stopStrings has an empty string; remove it");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
