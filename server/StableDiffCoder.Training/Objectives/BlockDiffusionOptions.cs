namespace StableDiffCoder.Training.Objectives;

/// <summary>What a block-diffusion stage may vary. The defaults are the report's.</summary>
public sealed record BlockDiffusionOptions
{
    /// <value>The noise.</value>
    public BlockNoiseOptions Noise { get; init; } = new();

    /// <value>Share of the stage's steps that warm up (section 3.2). Default 0.1.</value>
    public double WarmupShare { get; init; } = 0.1;

    /// <value>
    /// A token is predicted from the position before it, as in autoregressive training (figure 4 keeps this shift); the first of a block from
    /// the last clean one of the block before. Default false.
    /// </value>
    public bool LogitShift { get; init; }

    /// <value>Without a clean half: tokens see those to their left only (figure 2's ARDLLM) instead of all. Default false.</value>
    public bool Causal { get; init; }
}
