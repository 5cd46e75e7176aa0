using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>Puts <see cref="DecodeForward"/> where libtorch's forward stands: ids and caches in, tensors out.</summary>
internal sealed unsafe class DecodePath(DecodeForward forward, ModelConfig config) : IDisposable
{
    // Beyond it libtorch's products, which reuse a weight over many rows, are faster.
    public const int MostRows = 32;

    private readonly int[] positions = new int[MostRows];
    private (AttentionPattern Pattern, int Phase, int Count) seenKey;
    private bool[]? seen;

    /// <summary>Instruction set and threads.</summary>
    public string Description => $"{forward.KernelName}, {forward.ThreadCount} {(forward.ThreadCount == 1 ? "thread" : "threads")}";

    /// <summary>Whether a forward of so many rows is for the kernels.</summary>
    public static bool Takes(int rows) => rows is >= 1 and <= MostRows;

    /// <summary>Tokens at consecutive positions behind the cache's.</summary>
    /// <returns>[T, D], float32.</returns>
    public Tensor Forward(ReadOnlySpan<int> ids, AttentionPattern pattern, KvCache cache)
    {
        Span<int> places = positions.AsSpan(0, ids.Length);
        for (int i = 0; i < places.Length; i++)
        {
            places[i] = cache.Length + i;
        }
        return Run(ids, places, Seen(pattern, cache.Length, ids.Length), cache);
    }

    // Blocks repeat, so most forwards have the mask of the one before.
    private bool[]? Seen(AttentionPattern pattern, int start, int count)
    {
        var key = (pattern, start % pattern.BlockLength, count);
        if (key != seenKey)
        {
            seen = pattern.SeenAmong(start, count);
            seenKey = key;
        }
        return seen;
    }

    /// <summary>Rows that a layout puts behind the cache.</summary>
    /// <returns>[T, D], float32.</returns>
    public Tensor Forward(ForwardLayout layout, KvCache cache)
    {
        // All rows see all cached positions, so only the new ones' columns are asked for.
        return Run([.. layout.Ids], [.. layout.Positions], layout.Seen(0), cache);
    }

    /// <summary>Scores of every id.</summary>
    /// <param name="hidden">[rows, D], any float type.</param>
    /// <returns>[rows, V], float32.</returns>
    public Tensor Logits(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        Tensor input = hidden.to(ScalarType.Float32).contiguous();
        int rows = (int)input.shape[0];
        Tensor logits = empty(rows, config.VocabSize, dtype: ScalarType.Float32);
        forward.Logits((float*)TensorMemory.Of(input), rows, (float*)TensorMemory.Of(logits));
        return logits.MoveToOuterDisposeScope();
    }

    private Tensor Run(ReadOnlySpan<int> ids, ReadOnlySpan<int> places, bool[]? seen, KvCache cache)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(cache.Length + ids.Length, cache.Capacity, nameof(ids));
        Tensor hidden = empty(ids.Length, config.HiddenSize, dtype: ScalarType.Float32);
        forward.Run(ids, places, seen, cache, (float*)TensorMemory.Of(hidden));
        return hidden;
    }

    /// <inheritdoc/>
    public void Dispose() => forward.Dispose();
}
