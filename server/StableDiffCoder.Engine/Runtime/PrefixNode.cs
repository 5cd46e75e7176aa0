using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Runtime;

/// <summary>A node of a <see cref="PrefixTree"/> with the edge that leads to it.</summary>
/// <param name="tokens">The edge: whole blocks; empty at the root.</param>
/// <param name="state">Keys and values of the edge, dimension 2 being tokens; owned.</param>
/// <param name="parent">Null at the root.</param>
internal sealed class PrefixNode(int[] tokens, Tensor? state, PrefixNode? parent)
{
    // By the first block of the child's edge: no two children share it.
    private readonly Dictionary<int[], PrefixNode> children = new(TokenBlockComparer.Instance);
    private PrefixNode? parent = parent;

    public int[] Tokens { get; private set; } = tokens;

    public Tensor? State { get; private set; } = state;

    /// <summary>When it was last passed, as a count of walks; never less than a child's.</summary>
    public long LastUse { get; set; }

    public bool IsLeaf => children.Count == 0;

    public PrefixNode? Child(ReadOnlySpan<int> firstBlock) =>
        children.GetAlternateLookup<ReadOnlySpan<int>>().TryGetValue(firstBlock, out PrefixNode? child) ? child : null;

    public void Add(PrefixNode child, int blockLength) => children.Add(child.Tokens[..blockLength], child);

    /// <summary>All nodes below.</summary>
    public IEnumerable<PrefixNode> Descendants()
    {
        var waiting = new Stack<PrefixNode>(children.Values);
        while (waiting.TryPop(out PrefixNode? node))
        {
            yield return node;
            foreach (PrefixNode child in node.children.Values)
            {
                waiting.Push(child);
            }
        }
    }

    /// <summary>Cuts the edge in two. This node keeps the lower part and all its children.</summary>
    /// <returns>The new node above, with the first <paramref name="count"/> tokens.</returns>
    public PrefixNode Split(int count, int blockLength)
    {
        Tensor whole = State!;
        (Tensor upper, Tensor lower) = Halves(whole, count);
        var above = new PrefixNode(Tokens[..count], upper, parent) { LastUse = LastUse };
        parent!.children[Tokens[..blockLength]] = above;
        Tokens = Tokens[count..];
        State = lower;
        parent = above;
        above.Add(this, blockLength);
        whole.Dispose();
        return above;
    }

    /// <summary>Takes a leaf out of the tree and frees its memory.</summary>
    /// <returns>Its parent.</returns>
    public PrefixNode Remove(int blockLength)
    {
        parent!.children.Remove(Tokens[..blockLength]);
        State!.Dispose();
        return parent;
    }

    public void Clear() => children.Clear();

    private static (Tensor Upper, Tensor Lower) Halves(Tensor state, int count)
    {
        using var scope = NewDisposeScope();
        Tensor upper = state.narrow(2, 0, count).clone();
        Tensor lower = state.narrow(2, count, state.shape[2] - count).clone();
        return (upper.DetachFromDisposeScope(), lower.DetachFromDisposeScope());
    }

    // Compares blocks by their tokens.
    private sealed class TokenBlockComparer : IEqualityComparer<int[]>, IAlternateEqualityComparer<ReadOnlySpan<int>, int[]>
    {
        public static TokenBlockComparer Instance { get; } = new();

        public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] int[] obj) => GetHashCode((ReadOnlySpan<int>)obj);

        public bool Equals(ReadOnlySpan<int> alternate, int[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<int> alternate)
        {
            var hash = new HashCode();
            foreach (int id in alternate)
            {
                hash.Add(id);
            }
            return hash.ToHashCode();
        }

        public int[] Create(ReadOnlySpan<int> alternate) => alternate.ToArray();
    }
}
