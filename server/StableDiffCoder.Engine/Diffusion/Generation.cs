namespace StableDiffCoder.Engine.Diffusion;

/// <summary>Why a generation ended.</summary>
public enum GenerationStop
{
    /// <summary>A new token was eos.</summary>
    Eos,

    /// <summary>All of gen_length was used.</summary>
    Length,

    /// <summary>The caller's stop condition held.</summary>
    Condition,

    /// <summary>The caller's time was up; only whole blocks are returned.</summary>
    Deadline,
}

/// <summary>What a sampler made.</summary>
/// <param name="NewIds">
/// New tokens to the end of the last block, eos from the first new eos on. A stop condition ends them with the last token that it was shown.
/// </param>
/// <param name="Confidences">Softmax probability of each new token when it was revealed; 1 where eos was filled in.</param>
/// <param name="Forwards">Denoising and commit forwards; prefill not counted.</param>
/// <param name="Stop">Why it ended.</param>
public sealed record Generation(IReadOnlyList<int> NewIds, IReadOnlyList<double> Confidences, int Forwards, GenerationStop Stop);

/// <summary>The canvas after one denoising step.</summary>
/// <param name="NewIds">New tokens so far: finished blocks and the current one, where masked tokens have the mask's id.</param>
/// <param name="Confidences">Confidence of each revealed token, 0 where masked.</param>
/// <param name="Forwards">Forwards so far.</param>
public readonly record struct DenoisingStep(IReadOnlyList<int> NewIds, IReadOnlyList<double> Confidences, int Forwards);

/// <summary>What a caller may hook into a generation.</summary>
public sealed record GenerationHooks
{
    /// <summary>No hooks.</summary>
    public static GenerationHooks None { get; } = new();

    /// <value>Called after each denoising forward.</value>
    public Action<DenoisingStep>? OnStep { get; init; }

    /// <value>
    /// Asked after each forward with the new tokens that stand before the first mask, which no later step changes; true ends the generation.
    /// </value>
    public Func<IReadOnlyList<int>, bool>? ShouldStop { get; init; }

    /// <value>Mixed into the model's distribution at the first masked place. Null mixes nothing in.</value>
    public ITokenPrior? Prior { get; init; }

    /// <value>Asked before each forward, those of the prompt too; true ends the generation with the blocks finished by then.</value>
    public Func<bool>? IsOutOfTime { get; init; }
}
