using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Runtime;

/// <summary>
/// A radix tree over token blocks: an edge is a run of whole blocks with their keys and values, and a path from the root is a prompt's start.
/// Under block-causal attention the keys and values of a block depend on the tokens up to its end alone, so one copy serves every prompt
/// that starts with them. What is least recently used is dropped first, from the leaves inwards.
/// </summary>
/// <param name="blockLength">B.</param>
/// <param name="bytesPerToken">Memory of one token's keys and values.</param>
/// <param name="budget">Most bytes held after <see cref="Insert"/>.</param>
internal sealed class PrefixTree(int blockLength, long bytesPerToken, long budget) : IDisposable
{
    private readonly PrefixNode root = new([], state: null, parent: null);
    private long clock;

    /// <summary>Tokens held.</summary>
    public long Tokens { get; private set; }

    /// <summary>Tokens dropped so far.</summary>
    public long Evicted { get; private set; }

    /// <summary>Finds the longest known start of a sequence, in whole blocks.</summary>
    /// <returns>Its parts in order: keys and values, and how many of their tokens match.</returns>
    public IReadOnlyList<(Tensor State, int Count)> Match(ReadOnlySpan<int> ids)
    {
        var parts = new List<(Tensor, int)>();
        Walk(ids, (node, count) => parts.Add((node.State!, count)));
        return parts;
    }

    /// <summary>Makes the start of a sequence known, as much of it as the budget holds.</summary>
    /// <param name="ids">Whole blocks.</param>
    /// <param name="copy">Copies keys and values: start, count → a tensor whose dimension 2 is tokens; asked for what is not known yet.</param>
    public void Insert(ReadOnlySpan<int> ids, Func<int, int, Tensor> copy)
    {
        long most = budget / bytesPerToken / blockLength * blockLength;
        ReadOnlySpan<int> kept = ids.Length > most ? ids[..(int)most] : ids;
        (PrefixNode node, int within, int known) = Walk(kept, (_, _) => { });
        if (known == kept.Length)
        {
            return;
        }
        // Copies are made before the tree is touched, so that a failure leaves it whole.
        Tensor state = copy(known, kept.Length - known);
        if (within < node.Tokens.Length)
        {
            node = node.Split(within, blockLength);
        }
        node.Add(new PrefixNode(kept[known..].ToArray(), state, node) { LastUse = clock }, blockLength);
        Tokens += kept.Length - known;
        Evict();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PrefixNode node in root.Descendants())
        {
            node.State!.Dispose();
        }
        root.Clear();
        Tokens = 0;
    }

    // Goes down along a sequence and marks what it passes as used. Returns the last node, how much of its edge matched, and all that matched.
    private (PrefixNode Node, int Within, int Known) Walk(ReadOnlySpan<int> ids, Action<PrefixNode, int> pass)
    {
        clock++;
        PrefixNode node = root;
        int known = 0;
        while (ids.Length - known >= blockLength && node.Child(ids.Slice(known, blockLength)) is PrefixNode child)
        {
            int common = child.Tokens.AsSpan().CommonPrefixLength(ids[known..]) / blockLength * blockLength;
            child.LastUse = clock;
            pass(child, common);
            known += common;
            node = child;
            if (common < child.Tokens.Length)
            {
                return (node, common, known);
            }
        }
        return (node, node.Tokens.Length, known);
    }

    private void Evict()
    {
        if (Tokens * bytesPerToken <= budget)
        {
            return;
        }
        var leaves = new PriorityQueue<PrefixNode, long>(
            root.Descendants().Where(node => node.IsLeaf).Select(leaf => (leaf, leaf.LastUse))
        );
        while (Tokens * bytesPerToken > budget && leaves.TryDequeue(out PrefixNode? leaf, out _))
        {
            PrefixNode parent = leaf.Remove(blockLength);
            Tokens -= leaf.Tokens.Length;
            Evicted += leaf.Tokens.Length;
            if (parent.IsLeaf && parent != root)
            {
                leaves.Enqueue(parent, parent.LastUse);
            }
        }
    }
}
