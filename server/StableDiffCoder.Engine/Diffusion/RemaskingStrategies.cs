using StableDiffCoder.Engine.Model;

namespace StableDiffCoder.Engine.Diffusion;

/// <summary>From options to the strategy they mean, in one place for all samplers.</summary>
internal static class RemaskingStrategies
{
    /// <summary>The strategy of a block-wise generation.</summary>
    public static IRemaskingStrategy For(SamplerOptions options) =>
        For(options.Threshold, options.EntropyBound, options.StepsPerBlock, options.Remasking);

    /// <summary>The strategy of a canvas with so many masks.</summary>
    public static IRemaskingStrategy For(CanvasSamplerOptions options, int masked) =>
        For(options.Threshold, options.EntropyBound, options.Steps ?? masked, options.Remasking);

    /// <summary>Throws when a value is out of bounds, or both are given.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public static void Validate(double? threshold, double? entropyBound)
    {
        if (threshold is not (null or (>= 0 and <= 1)))
        {
            throw new ArgumentException($"threshold is {threshold}; use a probability from 0 to 1, or null");
        }
        if (entropyBound is not (null or (>= 0 and <= 1000)))
        {
            throw new ArgumentException($"entropy_bound is {entropyBound}; use 0 nats or more, or null");
        }
        if (threshold is not null && entropyBound is not null)
        {
            throw new ArgumentException("threshold and entropy_bound are two rules for the same choice; give one of them");
        }
    }

    private static IRemaskingStrategy For(double? threshold, double? entropyBound, int steps, RemaskingOrder order)
    {
        if (threshold is double probability)
        {
            return new ThresholdRemasking(probability, order);
        }
        if (entropyBound is double bound)
        {
            return new EntropyBoundRemasking(bound);
        }
        return order == RemaskingOrder.LeftToRight ? new LeftToRightRemasking(steps) : new LowConfidenceRemasking(steps);
    }
}
