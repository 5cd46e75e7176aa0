using StableDiffCoder.Training.Data;

namespace StableDiffCoder.Training.Objectives;

/// <summary>Which tokens of a row are masked, and the weight of each one's loss.</summary>
/// <param name="Positions">Masked positions of the row, ascending.</param>
/// <param name="Weights">w for each of them.</param>
public sealed record RowNoise(IReadOnlyList<int> Positions, IReadOnlyList<float> Weights);

/// <summary>How a row is noised (report, section 3; defaults are the report's).</summary>
public sealed record BlockNoiseOptions
{
    /// <value>Tokens a block, B. Default 4.</value>
    public int BlockLength { get; init; } = 4;

    /// <value>Mask rate at least 1/B, and one position forced when chance left none (section 3.3). Default true.</value>
    public bool Clipped { get; init; } = true;

    /// <value>u_init of the warmup (section 3.2). Default 1e-3.</value>
    public double InitialMaskRate { get; init; } = 1e-3;

    /// <value>The same rate in every block, unclipped and unforced: a point of the validation grid. Null draws it. Default null.</value>
    public double? FixedRate { get; init; }
}

/// <summary>
/// Linear-schedule noise, drawn block by block: t ~ U(0, 1) for each block, u(t) = t, w = 1/u (eq. 4). Clipped, the rate is
/// min(1, max(t, 1/B)) with weight 1 over that rate, and a block left without a mask has one uniformly chosen position forced, at the same
/// weight. While warming up, t ~ U(0, u_max) with u_max(s) = u_init + (1 − u_init)·s/S, unclipped, unforced, and w = 1 (eq. 10).
/// </summary>
public sealed class BlockNoise(BlockNoiseOptions options)
{
    /// <summary>Noises one row.</summary>
    /// <param name="length">Tokens of the row; the last block may be short.</param>
    /// <param name="warmup">s/S during the warmup, null after it.</param>
    /// <param name="random">Decides everything.</param>
    public RowNoise Draw(int length, double? warmup, SampleRandom random)
    {
        var positions = new List<int>(length);
        var weights = new List<float>(length);
        for (int start = 0; start < length; start += options.BlockLength)
        {
            int size = Math.Min(options.BlockLength, length - start);
            double rate = Rate(warmup, random);
            float weight = warmup is null ? (float)(1 / rate) : 1;
            int before = positions.Count;
            for (int i = 0; i < size; i++)
            {
                if (random.NextDouble() < rate)
                {
                    positions.Add(start + i);
                    weights.Add(weight);
                }
            }
            if (positions.Count == before && options is { Clipped: true, FixedRate: null } && warmup is null)
            {
                positions.Add(start + random.NextInt(0, size - 1));
                weights.Add(weight);
            }
        }
        return new RowNoise(positions, weights);
    }

    /// <summary>Largest mask rate of the warmup, u_max (section 3.2).</summary>
    /// <param name="warmup">s/S, from 0 to 1.</param>
    public double LargestRate(double warmup) => options.InitialMaskRate + (1 - options.InitialMaskRate) * warmup;

    private double Rate(double? warmup, SampleRandom random)
    {
        if (options.FixedRate is double rate)
        {
            return rate;
        }
        // (0, 1]: a rate of 0 has no weight.
        double t = 1 - random.NextDouble();
        return warmup is double progress ? t * LargestRate(progress)
            : options.Clipped ? Math.Min(1, Math.Max(t, 1.0 / options.BlockLength))
            : t;
    }
}
