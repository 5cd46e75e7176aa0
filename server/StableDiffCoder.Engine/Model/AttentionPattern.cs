namespace StableDiffCoder.Engine.Model;

/// <summary>Which positions a token may look at.</summary>
public enum AttentionKind
{
    /// <summary>Token i sees j iff ⌊j/B⌋ ≤ ⌊i/B⌋, with positions absolute.</summary>
    BlockCausal,

    /// <summary>Token i sees j iff j ≤ i.</summary>
    Causal,

    /// <summary>Every token sees every token.</summary>
    Full,
}

/// <summary>An attention pattern; the block length matters for <see cref="AttentionKind.BlockCausal"/> only.</summary>
/// <param name="Kind">The kind of pattern.</param>
/// <param name="BlockLength">B, at least 1.</param>
public readonly record struct AttentionPattern(AttentionKind Kind, int BlockLength)
{
    /// <summary>Every token sees every token.</summary>
    public static AttentionPattern Full { get; } = new(AttentionKind.Full, 1);

    /// <summary>Token i sees j iff j ≤ i.</summary>
    public static AttentionPattern Causal { get; } = new(AttentionKind.Causal, 1);

    /// <summary>Blocks of <paramref name="blockLength"/> tokens, aligned to absolute position.</summary>
    public static AttentionPattern BlockCausal(int blockLength) => new(AttentionKind.BlockCausal, blockLength);

    /// <summary>Whether the token at position <paramref name="query"/> sees the one at <paramref name="key"/>.</summary>
    public bool Sees(int query, int key) =>
        Kind switch
        {
            AttentionKind.Full => true,
            AttentionKind.Causal => key <= query,
            _ => key / BlockLength <= query / BlockLength,
        };

    /// <summary>Which of some consecutive positions sees which, row by row; null when all see all.</summary>
    /// <param name="start">The first position.</param>
    /// <param name="count">How many.</param>
    /// <returns>[count, count].</returns>
    internal bool[]? SeenAmong(int start, int count)
    {
        // The first sees the fewest, so when it sees the last one, all see all.
        if (count == 0 || Sees(start, start + count - 1))
        {
            return null;
        }
        var seen = new bool[count * count];
        for (int i = 0; i < seen.Length; i++)
        {
            seen[i] = Sees(start + (i / count), start + (i % count));
        }
        return seen;
    }
}
