namespace StableDiffCoder.Training.Optimization;

/// <summary>Learning rate over a stage: linear warmup, constant, then decay to a share of the peak (WSD), or cosine.</summary>
public sealed record LearningRateSchedule
{
    /// <value>Highest rate. Default 3e-3.</value>
    public double Peak { get; init; } = 3e-3;

    /// <value>Share of the stage spent rising. Default 0.02.</value>
    public double WarmupShare { get; init; } = 0.02;

    /// <value>Share of the stage, at its end, spent falling; 1 − warmup with <see cref="Cosine"/>. Default 0.</value>
    public double DecayShare { get; init; }

    /// <value>Rate at the end as a share of the peak. Default 0.</value>
    public double FinalShare { get; init; }

    /// <value>Cosine instead of warmup, constant, linear decay. Default false.</value>
    public bool Cosine { get; init; }

    /// <summary>Rate of a step.</summary>
    /// <param name="progress">Share of the stage's steps done, [0, 1).</param>
    public double At(double progress)
    {
        if (progress < WarmupShare)
        {
            return Peak * progress / WarmupShare;
        }
        double decay = Cosine ? 1 - WarmupShare : DecayShare;
        double fallen = decay <= 0 ? 0 : Math.Clamp((progress - (1 - decay)) / decay, 0, 1);
        double shape = Cosine ? 0.5 * (1 + Math.Cos(Math.PI * fallen)) : 1 - fallen;
        return Peak * (FinalShare + (1 - FinalShare) * shape);
    }
}
