using System.Runtime.CompilerServices;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>Where the keys and values of one layer are.</summary>
/// <param name="keys">[Hkv, capacity, Dh].</param>
/// <param name="values">[Hkv, capacity, Dh].</param>
/// <param name="capacity">Positions a head has room for.</param>
/// <param name="format">float32 or bfloat16.</param>
internal readonly unsafe struct KeyValueMemory(byte* keys, byte* values, int capacity, WeightFormat format)
{
    public WeightFormat Format { get; } = format;

    public byte* Key(int head, int position, int width) => keys + Offset(head, position, width);

    public byte* Value(int head, int position, int width) => values + Offset(head, position, width);

    private long Offset(int head, int position, int width) => (((long)head * capacity) + position) * WeightMatrix.BytesOf(Format, width);
}

/// <summary>Attention of a few tokens over cached and new positions; a piece is a key-value head with the query heads that share it.</summary>
internal sealed unsafe class AttentionWork : ParallelWork, IDisposable
{
    private readonly ILinearKernel kernel;
    private readonly int group;
    private readonly int width;
    private readonly AlignedBuffer[] scratch;
    private KeyValueMemory memory;
    private float* queries;
    private float* result;
    private bool[]? seen;
    private int tokens;
    private int cached;

    /// <summary>Work for one shape of attention.</summary>
    public AttentionWork(ILinearKernel kernel, int heads, int keyValueHeads, int headWidth)
    {
        this.kernel = kernel;
        group = heads / keyValueHeads;
        width = headWidth;
        scratch = [.. Enumerable.Range(0, keyValueHeads).Select(_ => new AlignedBuffer())];
        Pieces = keyValueHeads;
    }

    /// <summary>Sets what the pieces compute.</summary>
    /// <param name="keyValues">Keys and values, the new tokens' behind the cached ones.</param>
    /// <param name="query">[T, H, Dh], turned and scaled.</param>
    /// <param name="mask">[T, T], whether a new token sees another; null when all do. All see the cached ones.</param>
    /// <param name="tokenCount">T.</param>
    /// <param name="cachedCount">Cached positions.</param>
    /// <param name="output">[T, H, Dh].</param>
    public void Set(in KeyValueMemory keyValues, float* query, bool[]? mask, int tokenCount, int cachedCount, float* output)
    {
        memory = keyValues;
        queries = query;
        seen = mask;
        tokens = tokenCount;
        cached = cachedCount;
        result = output;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(int piece)
    {
        int rows = group * tokens;
        int padded = (rows + ILinearKernel.TokenTile - 1) / ILinearKernel.TokenTile * ILinearKernel.TokenTile;
        int total = cached + tokens;
        long rowFloats = 3L * padded * width;
        float* gathered = scratch[piece].Reserve(rowFloats + ((long)padded * total));
        float* prepared = gathered + ((long)padded * width);
        float* mixed = prepared + ((long)padded * width);
        float* scores = mixed + ((long)padded * width);
        Gather(piece, gathered);
        kernel.Prepare(memory.Format, gathered, rows, width, prepared);
        var keys = new WeightMatrix(memory.Key(piece, 0, width), total, width, memory.Format);
        kernel.Multiply(keys, 0, total, prepared, rows, scores, total, accumulate: false);
        for (int row = 0; row < rows; row++)
        {
            var line = new Span<float>(scores + ((long)row * total), total);
            Mask(row % tokens, line[cached..]);
            RowOperations.Softmax(line);
        }
        // Rows behind the last are computed by fours and dropped; what they hold must be numbers.
        new Span<float>(scores + ((long)rows * total), (padded - rows) * total).Clear();
        var values = new WeightMatrix(memory.Value(piece, 0, width), total, width, memory.Format);
        kernel.Mix(values, scores, total, rows, mixed, width);
        Scatter(piece, mixed);
    }

    // Rows: for each query head of the group, all tokens.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(int head, float* gathered)
    {
        for (int row = 0; row < group * tokens; row++)
        {
            new ReadOnlySpan<float>(queries + Offset(head, row), width).CopyTo(new Span<float>(gathered + ((long)row * width), width));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Scatter(int head, float* mixed)
    {
        for (int row = 0; row < group * tokens; row++)
        {
            new ReadOnlySpan<float>(mixed + ((long)row * width), width).CopyTo(new Span<float>(result + Offset(head, row), width));
        }
    }

    private long Offset(int head, int row)
    {
        int queryHead = (head * group) + (row / tokens);
        return (((long)(row % tokens) * group * scratch.Length) + queryHead) * width;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Mask(int token, Span<float> scores)
    {
        if (seen is null)
        {
            return;
        }
        for (int other = 0; other < tokens; other++)
        {
            if (!seen[(token * tokens) + other])
            {
                scores[other] = float.NegativeInfinity;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AlignedBuffer buffer in scratch)
        {
            buffer.Dispose();
        }
    }
}
