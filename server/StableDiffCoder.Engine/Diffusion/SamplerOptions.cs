using StableDiffCoder.Engine.Model;

namespace StableDiffCoder.Engine.Diffusion;

/// <summary>Settings of one generation, named as in the released <c>generate_block</c>.</summary>
public sealed record SamplerOptions
{
    /// <value>New tokens at most; a multiple of <see cref="BlockLength"/>. Default 64.</value>
    public int GenLength { get; init; } = 64;

    /// <value>Denoising steps over the whole generation; a multiple of the number of blocks. Null is one token a step. Default null.</value>
    public int? Steps { get; init; }

    /// <value>Tokens a block, B. Default 4.</value>
    public int BlockLength { get; init; } = 4;

    /// <value>Reveal every masked token at least this probable, the best one always; null spreads the tokens over the steps. Default null.</value>
    public double? Threshold { get; init; }

    /// <value>Reveal the surest tokens while their joint entropy stays within this bound; see <see cref="EntropyBoundRemasking"/>. Default null.</value>
    public double? EntropyBound { get; init; }

    /// <value>Which tokens are revealed first; the entropy bound has an order of its own. Default: the released sampler's, the surest ones.</value>
    public RemaskingOrder Remasking { get; init; }

    /// <value>0 is greedy. Default 0.</value>
    public double Temperature { get; init; }

    /// <value>Seed of the noise at temperatures above 0. Default 0.</value>
    public long Seed { get; init; }

    /// <value>Ids that may not be chosen for the first new token; beside those that never may. Default none.</value>
    public IReadOnlyList<int> ForbiddenFirst { get; init; } = [];

    /// <summary>Steps of one block, S.</summary>
    public int StepsPerBlock => (Steps ?? GenLength) / (GenLength / BlockLength);

    /// <summary>Throws when a value is out of bounds or does not divide.</summary>
    /// <param name="promptLength">Tokens of the prompt.</param>
    /// <param name="maxPositions">Most positions of the model.</param>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate(int promptLength, int maxPositions)
    {
        Require(BlockLength >= 1, $"block_length is {BlockLength}; use 1 or more");
        Require(GenLength >= 1, $"gen_length is {GenLength}; use {BlockLength} or more");
        Require(GenLength % BlockLength == 0, $"gen_length {GenLength} is not a multiple of block_length {BlockLength}");
        int blocks = GenLength / BlockLength;
        int steps = Steps ?? GenLength;
        Require(steps >= 1, $"steps is {steps}; use {blocks} or more");
        Require(steps % blocks == 0, $"steps {steps} is not a multiple of the number of blocks, gen_length/block_length = {blocks}");
        RemaskingStrategies.Validate(Threshold, EntropyBound);
        Require(Temperature is >= 0 and <= 100, $"temperature is {Temperature}; use 0 or more");
        Require(
            (long)promptLength + GenLength <= maxPositions,
            $"prompt ({promptLength} tokens) + gen_length ({GenLength}) is more than the model's {maxPositions} positions (max_position_embeddings); shorten one"
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
