using StableDiffCoder.Engine.Model;

namespace StableDiffCoder.Engine.Diffusion;

/// <summary>Settings of one canvas.</summary>
public sealed record CanvasSamplerOptions
{
    /// <value>Denoising steps over all holes together; null is one token a step. Default null.</value>
    public int? Steps { get; init; }

    /// <value>Reveal every masked token at least this probable, the best one always; null spreads the tokens over the steps. Default null.</value>
    public double? Threshold { get; init; }

    /// <value>Reveal the surest tokens while their joint entropy stays within this bound; see <see cref="EntropyBoundRemasking"/>. Default null.</value>
    public double? EntropyBound { get; init; }

    /// <value>Which places are revealed first: the surest of all holes, or the leftmost. Default the surest.</value>
    public RemaskingOrder Remasking { get; init; }

    /// <value>0 is greedy. Default 0.</value>
    public double Temperature { get; init; }

    /// <value>Seed of the noise at temperatures above 0. Default 0.</value>
    public long Seed { get; init; }

    /// <value>Ids that may not be chosen for the first position of the first hole; beside those that never may. Default none.</value>
    public IReadOnlyList<int> ForbiddenFirst { get; init; } = [];

    /// <summary>Throws when a value is out of bounds.</summary>
    /// <param name="canvasLength">Tokens of the canvas.</param>
    /// <param name="maxPositions">Most positions of the model.</param>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate(int canvasLength, int maxPositions)
    {
        Require(Steps is null or >= 1, $"steps is {Steps}; use 1 or more, or null");
        RemaskingStrategies.Validate(Threshold, EntropyBound);
        Require(Temperature is >= 0 and <= 100, $"temperature is {Temperature}; use 0 or more");
        Require(
            canvasLength <= maxPositions,
            $"the canvas has {canvasLength} tokens, more than the model's {maxPositions} positions (max_position_embeddings); shorten it"
        );
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
