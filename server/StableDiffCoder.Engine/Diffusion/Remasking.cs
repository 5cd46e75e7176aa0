namespace StableDiffCoder.Engine.Diffusion;

/// <summary>Decides which proposals of a step are revealed; the others stay masked.</summary>
public interface IRemaskingStrategy
{
    /// <summary>Most steps of a block that start with <paramref name="masked"/> masks; a block may need fewer.</summary>
    int StepLimit(int masked);

    /// <summary>Chooses among the positions still masked.</summary>
    /// <param name="confidence">Confidence of each proposal, in position order.</param>
    /// <param name="step">Step of this block, from 0.</param>
    /// <param name="masked">Masks the block started with.</param>
    /// <returns>Indices into <paramref name="confidence"/>; empty means that this step needs no forward.</returns>
    IReadOnlyList<int> Reveal(ReadOnlySpan<double> confidence, int step, int masked);

    /// <summary>Whether a step runs a forward at all.</summary>
    bool RunsForward(int step, int masked);
}

/// <summary>The released default: a fixed number of tokens a step, the most confident first (ties to the lowest position).</summary>
/// <param name="stepsPerBlock">S.</param>
public sealed class LowConfidenceRemasking(int stepsPerBlock) : IRemaskingStrategy
{
    /// <inheritdoc/>
    public int StepLimit(int masked) => stepsPerBlock;

    /// <inheritdoc/>
    public bool RunsForward(int step, int masked) => TransferSchedule.Spread(masked, stepsPerBlock)[step] > 0;

    /// <inheritdoc/>
    public IReadOnlyList<int> Reveal(ReadOnlySpan<double> confidence, int step, int masked) =>
        [.. Ranking.Descending(confidence).Take(TransferSchedule.Spread(masked, stepsPerBlock)[step])];
}

/// <summary>Reveals the most confident proposal, and every other whose confidence reaches a threshold.</summary>
/// <param name="threshold">A probability.</param>
public sealed class ThresholdRemasking(double threshold) : IRemaskingStrategy
{
    /// <inheritdoc/>
    public int StepLimit(int masked) => masked;

    /// <inheritdoc/>
    public bool RunsForward(int step, int masked) => true;

    /// <inheritdoc/>
    public IReadOnlyList<int> Reveal(ReadOnlySpan<double> confidence, int step, int masked)
    {
        double[] values = confidence.ToArray();
        int[] ranked = Ranking.Descending(confidence);
        return [ranked[0], .. ranked.Skip(1).Where(i => values[i] >= threshold)];
    }
}

/// <summary>Stable ordering of confidences.</summary>
internal static class Ranking
{
    /// <summary>Indices from the highest value to the lowest; equal values in index order.</summary>
    public static int[] Descending(ReadOnlySpan<double> values)
    {
        double[] copy = values.ToArray();
        return [.. Enumerable.Range(0, copy.Length).OrderByDescending(i => copy[i])];
    }
}
