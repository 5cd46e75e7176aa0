using StableDiffCoder.Engine.Model;

namespace StableDiffCoder.Engine.Diffusion;

/// <summary>Decides which proposals of a step are revealed; the others stay masked.</summary>
public interface IRemaskingStrategy
{
    /// <summary>Whether <see cref="Reveal"/> looks at the proposals' entropy.</summary>
    bool NeedsEntropy { get; }

    /// <summary>Chooses among the positions still masked.</summary>
    /// <param name="proposals">One per masked position, in position order.</param>
    /// <param name="step">Step of this block, from 0.</param>
    /// <param name="masked">Masks the block started with.</param>
    /// <returns>Indices into <paramref name="proposals"/>, at least one.</returns>
    IReadOnlyList<int> Reveal(ReadOnlySpan<TokenProposal> proposals, int step, int masked);
}

/// <summary>The released default: a fixed number of tokens a step, the most confident first (ties to the lowest position).</summary>
/// <param name="stepsPerBlock">S.</param>
public sealed class LowConfidenceRemasking(int stepsPerBlock) : IRemaskingStrategy
{
    /// <inheritdoc/>
    public bool NeedsEntropy => false;

    /// <inheritdoc/>
    public IReadOnlyList<int> Reveal(ReadOnlySpan<TokenProposal> proposals, int step, int masked) =>
        [.. Ranking.ByConfidence(proposals).Take(TransferSchedule.Spread(masked, stepsPerBlock)[step])];
}

/// <summary>A fixed number of tokens a step, from the left.</summary>
/// <param name="stepsPerBlock">S.</param>
public sealed class LeftToRightRemasking(int stepsPerBlock) : IRemaskingStrategy
{
    /// <inheritdoc/>
    public bool NeedsEntropy => false;

    /// <inheritdoc/>
    public IReadOnlyList<int> Reveal(ReadOnlySpan<TokenProposal> proposals, int step, int masked) =>
        [.. Enumerable.Range(0, TransferSchedule.Spread(masked, stepsPerBlock)[step])];
}

/// <summary>Reveals the first proposal of an order, and every other whose confidence reaches a threshold.</summary>
/// <param name="threshold">A probability.</param>
/// <param name="order">Which proposal is revealed in any case.</param>
public sealed class ThresholdRemasking(double threshold, RemaskingOrder order = RemaskingOrder.LowConfidence) : IRemaskingStrategy
{
    /// <inheritdoc/>
    public bool NeedsEntropy => false;

    /// <inheritdoc/>
    public IReadOnlyList<int> Reveal(ReadOnlySpan<TokenProposal> proposals, int step, int masked)
    {
        TokenProposal[] all = proposals.ToArray();
        int[] ranked = Ranking.ByConfidence(proposals);
        if (order == RemaskingOrder.LeftToRight)
        {
            return [0, .. ranked.Where(i => i > 0 && all[i].Confidence >= threshold)];
        }
        return [ranked[0], .. ranked.Skip(1).Where(i => all[i].Confidence >= threshold)];
    }
}

/// <summary>
/// Reveals as many of the surest proposals as keep the sum of their entropies without the largest one within a bound: that difference bounds
/// how far tokens drawn independently can be from tokens drawn together (EB-Sampler, Ben-Hamu et al. 2025). A bound of 0 is one token a step
/// unless the model is certain.
/// </summary>
/// <param name="bound">γ in nats, 0 or more.</param>
public sealed class EntropyBoundRemasking(double bound) : IRemaskingStrategy
{
    /// <inheritdoc/>
    public bool NeedsEntropy => true;

    /// <inheritdoc/>
    public IReadOnlyList<int> Reveal(ReadOnlySpan<TokenProposal> proposals, int step, int masked)
    {
        TokenProposal[] all = proposals.ToArray();
        int[] surest = [.. Enumerable.Range(0, all.Length).OrderBy(i => all[i].Entropy)];
        // In this order the largest entropy of a set is its last one's.
        double sumWithoutLast = 0;
        int count = 1;
        while (count < surest.Length && (sumWithoutLast += all[surest[count - 1]].Entropy) <= bound)
        {
            count++;
        }
        return surest[..count];
    }
}

/// <summary>Stable ordering of proposals.</summary>
internal static class Ranking
{
    /// <summary>Indices from the highest confidence to the lowest; equal ones in index order.</summary>
    public static int[] ByConfidence(ReadOnlySpan<TokenProposal> proposals)
    {
        TokenProposal[] all = proposals.ToArray();
        return [.. Enumerable.Range(0, all.Length).OrderByDescending(i => all[i].Confidence)];
    }
}
