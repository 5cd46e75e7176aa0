namespace StableDiffCoder.Training.Data;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood 2014), keyed by what the numbers are for. Every row of training data is a pure function of
/// (seed, stage, step, row), so a resumed run needs no stored generator state to continue exactly.
/// </summary>
public sealed class SampleRandom
{
    private ulong state;

    /// <summary>Starts a stream for a key.</summary>
    public SampleRandom(params ReadOnlySpan<long> key)
    {
        foreach (long part in key)
        {
            state = Mix(state ^ unchecked((ulong)part)) + 0x9E3779B97F4A7C15UL;
        }
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="exclusiveLimit"/>).</summary>
    public long NextLong(long exclusiveLimit) => (long)Math.BigMul(Next(), (ulong)exclusiveLimit, out _);

    /// <summary>Uniform in [<paramref name="low"/>, <paramref name="high"/>].</summary>
    public int NextInt(int low, int high) => low + (int)NextLong((long)high - low + 1);

    private ulong Next() => Mix(state += 0x9E3779B97F4A7C15UL);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
