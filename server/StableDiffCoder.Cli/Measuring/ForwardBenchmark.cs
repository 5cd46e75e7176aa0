using System.Diagnostics;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Training.Benchmarking;
using static TorchSharp.torch;

namespace StableDiffCoder.Cli.Measuring;

/// <summary>What to time.</summary>
public sealed record ForwardBenchmarkOptions
{
    /// <value>Tokens of each forward to time.</value>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <value>Cached tokens before a forward of at most <see cref="DiffusionTransformer.MostKernelRows"/> tokens; longer ones are prompts and start at 0.</value>
    public required int Depth { get; init; }

    /// <value>Least time of the repetitions of one measurement.</value>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(2);

    /// <value>Whether short forwards are timed by libtorch as well, in turns with the kernels.</value>
    public bool Compare { get; init; }
}

/// <summary>One forward's figures.</summary>
public sealed record ForwardBenchmarkRow
{
    /// <value>Tokens that the forward computes.</value>
    public required int Tokens { get; init; }

    /// <value>Tokens in the cache before it.</value>
    public required int Depth { get; init; }

    /// <value>What computed it.</value>
    public required string Path { get; init; }

    /// <value>Milliseconds, logits of all tokens included where the kernels compute them, without them for a prompt: median.</value>
    public required double Ms { get; init; }

    /// <value>Bytes of weights by the time, in 1e9 a second.</value>
    public required double GbPerS { get; init; }

    /// <value>The same as a share of what this machine reads, measured around it.</value>
    public required double ShareOfBandwidth { get; init; }

    /// <value>Operations by the time as a share of a large matrix product's, measured in the same run.</value>
    public required double ShareOfMatrixRate { get; init; }

    /// <value>Tokens by the time.</value>
    public required double TokensPerS { get; init; }

    /// <value>The same forward by libtorch; null when not compared.</value>
    public double? LibtorchMs { get; init; }
}

/// <summary>All figures of one run.</summary>
public sealed record ForwardBenchmarkResult
{
    /// <value>What was timed.</value>
    public required string Shape { get; init; }

    /// <value>Weights.</value>
    public required long Parameters { get; init; }

    /// <value>Type of the weights.</value>
    public required string Dtype { get; init; }

    /// <value>Bytes of weights that one forward reads.</value>
    public required long WeightBytes { get; init; }

    /// <value>Threads.</value>
    public required int Threads { get; init; }

    /// <value>Seconds to load the weights, or to make them up.</value>
    public required double LoadSeconds { get; init; }

    /// <value>Largest memory of the process up to the end, 1e9 bytes: half of one is the memory test's, mapped files count.</value>
    public required double PeakMemoryGb { get; init; }

    /// <value>Memory reads by all threads, 1e9 bytes a second: median.</value>
    public required double ReadGbPerS { get; init; }

    /// <value>A large matrix product in the type of the activations of prompts, 1e9 operations a second.</value>
    public required double MatrixGflopPerS { get; init; }

    /// <value>One row a number of tokens.</value>
    public required IReadOnlyList<ForwardBenchmarkRow> Rows { get; init; }
}

/// <summary>Times forwards against this machine's memory reads and matrix products. Runs on the thread that owns the model.</summary>
internal sealed class ForwardBenchmark(
    DiffusionTransformer model,
    Func<double> readBytesPerSecond,
    Action<bool> useKernels,
    ForwardBenchmarkOptions options,
    IProgress<string> progress,
    CancellationToken cancellationToken
)
{
    private const int LeastRepetitions = 5;
    private readonly AttentionPattern pattern = AttentionPattern.BlockCausal(model.Config.BlockLength);

    public (IReadOnlyList<ForwardBenchmarkRow> Rows, double Read, double Matrix) Run()
    {
        using var inference = inference_mode(true);
        double matrix = MatrixProductRate.Large(model.DataType, model.Device, options.Time);
        var reads = new List<double>();
        var rows = new List<ForwardBenchmarkRow>();
        foreach (int tokens in options.Tokens)
        {
            progress.Report($"{tokens} tokens");
            rows.Add(Row(tokens, matrix, reads));
        }
        return (rows, Median(reads), matrix);
    }

    private ForwardBenchmarkRow Row(int tokens, double matrix, List<double> reads)
    {
        bool isPrompt = tokens > DiffusionTransformer.MostKernelRows;
        int depth = isPrompt ? 0 : options.Depth;
        int[] ids = [.. Enumerable.Range(0, tokens).Select(i => 200 + i).Select(id => id % model.Config.VocabSize)];
        using KvCache cache = model.NewCache(depth + tokens);
        Prefill(cache, depth);
        var own = new List<double>();
        var libtorch = new List<double>();
        var around = new List<double>();
        long start = Stopwatch.GetTimestamp();
        Step(ids, cache, isPrompt);
        while (own.Count < LeastRepetitions || Stopwatch.GetElapsedTime(start) < options.Time)
        {
            cancellationToken.ThrowIfCancellationRequested();
            around.Add(readBytesPerSecond());
            own.Add(Time(ids, cache, isPrompt));
            if (options.Compare && !isPrompt)
            {
                useKernels(false);
                Step(ids, cache, isPrompt);
                libtorch.Add(Time(ids, cache, isPrompt));
                useKernels(true);
                Step(ids, cache, isPrompt);
            }
        }
        reads.AddRange(around);
        double seconds = Median(own) / 1e3;
        (long bytes, long weights) = model.Cost(logits: !isPrompt);
        double operations = 2.0 * tokens * weights;
        return new ForwardBenchmarkRow
        {
            Tokens = tokens,
            Depth = depth,
            Path = isPrompt ? "libtorch" : model.Kernels ?? "libtorch",
            Ms = Median(own),
            GbPerS = bytes / seconds / 1e9,
            ShareOfBandwidth = bytes / seconds / Median(around),
            ShareOfMatrixRate = operations / seconds / matrix,
            TokensPerS = tokens / seconds,
            LibtorchMs = libtorch.Count == 0 ? null : Median(libtorch),
        };
    }

    private void Prefill(KvCache cache, int depth)
    {
        const int Piece = 512;
        while (cache.Length < depth)
        {
            int count = Math.Min(Piece, depth - cache.Length);
            model.Forward([.. Enumerable.Range(cache.Length, count).Select(i => i % model.Config.VocabSize)], pattern, cache).Dispose();
            cache.Commit(count);
        }
    }

    private double Time(int[] ids, KvCache cache, bool isPrompt) =>
        MatrixProductRate.Timed(() => Step(ids, cache, isPrompt), model.Device).TotalMilliseconds;

    private void Step(int[] ids, KvCache cache, bool isPrompt)
    {
        using var scope = NewDisposeScope();
        Tensor hidden = model.Forward(ids, pattern, cache);
        if (!isPrompt)
        {
            model.Logits(hidden);
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
