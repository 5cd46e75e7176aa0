using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>Attention patterns as boolean tensors.</summary>
public static class AttentionMask
{
    /// <summary>The mask for queries at consecutive positions over all keys from position 0.</summary>
    /// <param name="pattern">Which positions see which.</param>
    /// <param name="start">Position of the first query; earlier keys come from the cache.</param>
    /// <param name="count">Number of queries, T.</param>
    /// <param name="device">Where the mask is needed.</param>
    /// <returns>[T, start + T], true where seen; null when every query sees every key.</returns>
    public static Tensor? For(AttentionPattern pattern, int start, int count, Device device)
    {
        int total = start + count;
        // The first query sees the fewest keys, so when it sees the last one, all see all.
        if (count == 0 || pattern.Sees(start, total - 1))
        {
            return null;
        }
        using var scope = NewDisposeScope();
        int block = pattern.Kind == AttentionKind.BlockCausal ? pattern.BlockLength : 1;
        long[] blocks = [.. Enumerable.Range(0, total).Select(position => (long)position / block)];
        Tensor keys = tensor(blocks, ScalarType.Int64, device: device);
        Tensor queries = keys.narrow(0, start, count);
        return keys.unsqueeze(0).le(queries.unsqueeze(1)).MoveToOuterDisposeScope();
    }
}
