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

    /// <value>Clip and force during the warmup too: an ablation, since a rate of at least 1/B undoes eq. 10's easy start. Default false.</value>
    public bool ClippedWarmup { get; init; }

    /// <value>u_init of the warmup (section 3.2). Default 1e-3.</value>
    public double InitialMaskRate { get; init; } = 1e-3;

    /// <value>The same rate in every block, unclipped and unforced: a point of the validation grid. Null draws it. Default null.</value>
    public double? FixedRate { get; init; }
}

/// <summary>
/// Linear-schedule noise, drawn block by block: t ~ U(0, 1) for each block, u(t) = t, w = 1/u (eq. 4). Clipped, the rate is
/// min(1, max(t, 1/B)) with weight 1 over that rate, and a block left without a mask has one uniformly chosen position forced, at the same
/// weight; where only some tokens of a block may be masked, 1/B is 1 over how many. While warming up, t ~ U(0, u_max) with u_max(s) = u_init + (1 − u_init)·s/S, unclipped, unforced, and w = 1 (eq. 10).
/// </summary>
public sealed class BlockNoise(BlockNoiseOptions options)
{
    /// <summary>Noises one row.</summary>
    /// <param name="length">Tokens of the row; the last block may be short.</param>
    /// <param name="warmup">s/S during the warmup, null after it.</param>
    /// <param name="random">Decides everything.</param>
    /// <param name="eligible">Per token, whether it may be masked; null when all may.</param>
    public RowNoise Draw(int length, double? warmup, SampleRandom random, IReadOnlyList<bool>? eligible = null)
    {
        var positions = new List<int>(length);
        var weights = new List<float>(length);
        for (int start = 0; start < length; start += options.BlockLength)
        {
            int size = Math.Min(options.BlockLength, length - start);
            double rate = Rate(warmup, random, Floor(start, size, eligible));
            float weight = warmup is null ? (float)(1 / rate) : 1;
            int before = positions.Count;
            for (int i = 0; i < size; i++)
            {
                if (eligible?[start + i] != false && random.NextDouble() < rate)
                {
                    positions.Add(start + i);
                    weights.Add(weight);
                }
            }
            if (positions.Count == before && IsClipped(warmup) && Forced(start, size, random, eligible) is int forced)
            {
                positions.Add(forced);
                weights.Add(weight);
            }
        }
        return new RowNoise(positions, weights);
    }

    /// <summary>Largest mask rate of the warmup, u_max (section 3.2).</summary>
    /// <param name="warmup">s/S, from 0 to 1.</param>
    public double LargestRate(double warmup) => options.InitialMaskRate + (1 - options.InitialMaskRate) * warmup;

    private bool IsClipped(double? warmup) => options is { Clipped: true, FixedRate: null } && (warmup is null || options.ClippedWarmup);

    private static int? Forced(int start, int size, SampleRandom random, IReadOnlyList<bool>? eligible)
    {
        if (eligible is null)
        {
            return start + random.NextInt(0, size - 1);
        }
        int[] allowed = [.. Enumerable.Range(start, size).Where(position => eligible[position])];
        return allowed.Length == 0 ? null : allowed[random.NextInt(0, allowed.Length - 1)];
    }

    // 1/B, and where only some of a block may be masked, 1 over how many.
    private double Floor(int start, int size, IReadOnlyList<bool>? eligible) =>
        eligible is null
            ? 1.0 / options.BlockLength
            : 1.0 / Math.Max(1, Enumerable.Range(start, size).Count(position => eligible[position]));

    private double Rate(double? warmup, SampleRandom random, double floor)
    {
        if (options.FixedRate is double rate)
        {
            return rate;
        }
        // (0, 1]: a rate of 0 has no weight.
        double t = 1 - random.NextDouble();
        double drawn = warmup is double progress ? t * LargestRate(progress) : t;
        return IsClipped(warmup) ? Math.Min(1, Math.Max(drawn, floor)) : drawn;
    }
}
