using StableDiffCoder.Engine.Kernels;

namespace StableDiffCoder.Engine.Model;

/// <summary>
/// The forward of a few tokens behind a cache, on the CPU, without libtorch: products read the weights' memory once, activations stay in
/// float32, and nothing is allocated once the buffers have grown. Used by one thread.
/// </summary>
internal sealed unsafe class DecodeForward : IDisposable
{
    private readonly ModelConfig config;
    private readonly DecodeWeights weights;
    private readonly ILinearKernel kernel;
    private readonly KernelThreads threads;
    private readonly ProductWork products;
    private readonly GatedProductWork gated;
    private readonly AttentionWork attention;
    private readonly RotaryTable rotary;
    private readonly float attentionScale;
    private readonly AlignedBuffer buffer = new();

    /// <summary>Prepares forwards.</summary>
    /// <param name="config">The model's shape.</param>
    /// <param name="weights">Its weights; they must stay in place as long as this object is used.</param>
    /// <param name="kernel">How products are computed.</param>
    /// <param name="threadCount">Threads, the caller's included.</param>
    public DecodeForward(ModelConfig config, DecodeWeights weights, ILinearKernel kernel, int threadCount)
    {
        this.config = config;
        this.weights = weights;
        this.kernel = kernel;
        threads = new KernelThreads(threadCount);
        products = new ProductWork(kernel, threadCount);
        gated = new GatedProductWork(kernel, threadCount);
        attention = new AttentionWork(kernel, config.HeadCount, config.KeyValueHeadCount, config.HeadDimension);
        rotary = new RotaryTable(config.HeadDimension, config.RopeTheta);
        attentionScale = 1 / MathF.Sqrt(config.HeadDimension);
    }

    /// <summary>The instruction set in use.</summary>
    public string KernelName => kernel.Name;

    /// <summary>Threads, the caller's included.</summary>
    public int ThreadCount => threads.Count;

    /// <summary>Runs tokens behind a cache's finished positions; they are written behind them and stay only if the caller commits them.</summary>
    /// <param name="ids">[T], inside the vocabulary.</param>
    /// <param name="positions">[T], inside the model.</param>
    /// <param name="seen">[T, T], whether a token sees another; null when all do. All see the cached positions.</param>
    /// <param name="cache">Has room for T more positions.</param>
    /// <param name="hidden">[T, D], the final hidden states.</param>
    public void Run(ReadOnlySpan<int> ids, ReadOnlySpan<int> positions, bool[]? seen, KvCache cache, float* hidden)
    {
        int tokens = ids.Length;
        Buffers all = Reserve(tokens);
        for (int token = 0; token < tokens; token++)
        {
            RowOperations.Widen(weights.Embedding, ids[token], Row(all.Residual, token, config.HiddenSize));
        }
        for (int layer = 0; layer < weights.Layers.Count; layer++)
        {
            Attend(weights.Layers[layer], cache.Memory(layer), positions, seen, cache.Length, all);
            Transform(weights.Layers[layer], tokens, all);
        }
        Normalize(all.Residual, weights.FinalGain, tokens, hidden);
    }

    /// <summary>Scores of every id.</summary>
    /// <param name="hidden">[rows, D].</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="logits">[rows, V].</param>
    public void Logits(float* hidden, int rows, float* logits)
    {
        Buffers all = Reserve(rows);
        kernel.Prepare(weights.Head.Format, hidden, rows, config.HiddenSize, all.Prepared);
        products.Set(all.Prepared, rows, add: false, [new Product(weights.Head, logits)]);
        threads.Run(products);
    }

    private void Attend(DecodeLayer layer, in KeyValueMemory memory, ReadOnlySpan<int> positions, bool[]? seen, int cached, in Buffers all)
    {
        int tokens = positions.Length;
        Normalize(all.Residual, layer.AttentionGain, tokens, all.Normed);
        kernel.Prepare(layer.Query.Format, all.Normed, tokens, config.HiddenSize, all.Prepared);
        products.Set(
            all.Prepared,
            tokens,
            add: false,
            [new Product(layer.Query, all.Query), new Product(layer.Key, all.Key), new Product(layer.Value, all.Value)]
        );
        threads.Run(products);
        for (int token = 0; token < tokens; token++)
        {
            Turn(token, positions[token], all);
            Store(token, cached + token, memory, all);
        }
        attention.Set(memory, all.Query, seen, tokens, cached, all.Normed);
        threads.Run(attention);
        kernel.Prepare(layer.Output.Format, all.Normed, tokens, layer.Output.Columns, all.Prepared);
        products.Set(all.Prepared, tokens, add: true, [new Product(layer.Output, all.Residual)]);
        threads.Run(products);
    }

    private void Transform(DecodeLayer layer, int tokens, in Buffers all)
    {
        Normalize(all.Residual, layer.MlpGain, tokens, all.Normed);
        kernel.Prepare(layer.Gate.Format, all.Normed, tokens, config.HiddenSize, all.Prepared);
        gated.Set(all.Prepared, tokens, new Product(layer.Gate, all.Gate), new Product(layer.Up, all.Up));
        threads.Run(gated);
        kernel.Prepare(layer.Down.Format, all.Gate, tokens, config.IntermediateSize, all.Prepared);
        products.Set(all.Prepared, tokens, add: true, [new Product(layer.Down, all.Residual)]);
        threads.Run(products);
    }

    private void Normalize(float* input, float[] gain, int tokens, float* output)
    {
        for (int token = 0; token < tokens; token++)
        {
            RowOperations.RmsNorm(
                Row(input, token, config.HiddenSize),
                gain,
                (float)config.RmsNormEpsilon,
                Row(output, token, config.HiddenSize)
            );
        }
    }

    private void Turn(int token, int position, in Buffers all)
    {
        rotary.At(position, out ReadOnlySpan<float> cosines, out ReadOnlySpan<float> sines);
        int width = config.HeadDimension;
        for (int head = 0; head < config.HeadCount; head++)
        {
            RowOperations.Rotate(Row(all.Query, (token * config.HeadCount) + head, width), cosines, sines, attentionScale);
        }
        for (int head = 0; head < config.KeyValueHeadCount; head++)
        {
            RowOperations.Rotate(Row(all.Key, (token * config.KeyValueHeadCount) + head, width), cosines, sines, factor: 1);
        }
    }

    private void Store(int token, int position, in KeyValueMemory memory, in Buffers all)
    {
        int width = config.HeadDimension;
        for (int head = 0; head < config.KeyValueHeadCount; head++)
        {
            int row = (token * config.KeyValueHeadCount) + head;
            RowOperations.Narrow(Row(all.Key, row, width), memory.Key(head, position, width), memory.Format);
            RowOperations.Narrow(Row(all.Value, row, width), memory.Value(head, position, width), memory.Format);
        }
    }

    private static Span<float> Row(float* rows, int row, int width) => new(rows + ((long)row * width), width);

    private Buffers Reserve(int tokens)
    {
        int padded = (tokens + ILinearKernel.TokenTile - 1) / ILinearKernel.TokenTile * ILinearKernel.TokenTile;
        int queryWidth = config.HeadCount * config.HeadDimension;
        int keyWidth = config.KeyValueHeadCount * config.HeadDimension;
        int hiddenWidth = Math.Max(config.HiddenSize, queryWidth);
        int widest = Math.Max(hiddenWidth, config.IntermediateSize);
        long total =
            Buffers.Aligned(padded, config.HiddenSize)
            + Buffers.Aligned(padded, hiddenWidth)
            + Buffers.Aligned(padded, widest)
            + Buffers.Aligned(padded, queryWidth)
            + (2 * Buffers.Aligned(padded, keyWidth))
            + (2 * Buffers.Aligned(padded, config.IntermediateSize));
        float* next = buffer.Reserve(total);
        return new Buffers
        {
            Residual = Buffers.Take(ref next, padded, config.HiddenSize),
            Normed = Buffers.Take(ref next, padded, hiddenWidth),
            Prepared = Buffers.Take(ref next, padded, widest),
            Query = Buffers.Take(ref next, padded, queryWidth),
            Key = Buffers.Take(ref next, padded, keyWidth),
            Value = Buffers.Take(ref next, padded, keyWidth),
            Gate = Buffers.Take(ref next, padded, config.IntermediateSize),
            Up = Buffers.Take(ref next, padded, config.IntermediateSize),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        threads.Dispose();
        attention.Dispose();
        buffer.Dispose();
    }

    // One forward's activations, each [T rounded up to four, its width].
    private readonly struct Buffers
    {
        private const long FloatsALine = 16;

        public float* Residual { get; init; }

        public float* Normed { get; init; }

        public float* Prepared { get; init; }

        public float* Query { get; init; }

        public float* Key { get; init; }

        public float* Value { get; init; }

        public float* Gate { get; init; }

        public float* Up { get; init; }

        public static long Aligned(int rows, int width) => (((long)rows * width) + FloatsALine - 1) / FloatsALine * FloatsALine;

        public static float* Take(ref float* next, int rows, int width)
        {
            float* start = next;
            next += Aligned(rows, width);
            return start;
        }
    }
}
