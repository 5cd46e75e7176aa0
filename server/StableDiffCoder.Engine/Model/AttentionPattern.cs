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
}
