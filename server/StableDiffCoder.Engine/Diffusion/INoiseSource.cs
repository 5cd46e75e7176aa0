namespace StableDiffCoder.Engine.Diffusion;

/// <summary>Uniform noise for sampling at temperatures above 0.</summary>
public interface INoiseSource
{
    /// <summary>Fills with values strictly between 0 and 1.</summary>
    void Fill(Span<double> destination);
}

/// <summary>SplitMix64 (Steele, Lea and Flood 2014): the same seed gives the same noise on every device and platform.</summary>
public sealed class SplitMixNoise(long seed) : INoiseSource
{
    private ulong state = unchecked((ulong)seed);

    /// <inheritdoc/>
    public void Fill(Span<double> destination)
    {
        for (int i = 0; i < destination.Length; i++)
        {
            // The 52 high bits and a half: exact in a double, so that neither end is reached by rounding.
            destination[i] = ((Next() >> 12) + 0.5) * (1.0 / (1UL << 52));
        }
    }

    private ulong Next()
    {
        ulong z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
