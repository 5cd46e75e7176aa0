using System.Diagnostics;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Training.Evaluation;
using static TorchSharp.torch;

namespace StableDiffCoder.Cli.Measuring;

/// <summary>Figures of one model on this machine; times are milliseconds.</summary>
public sealed record InfillBenchmarkResult
{
    /// <value>The model folder's name.</value>
    public required string Model { get; init; }

    /// <value>Number of weights.</value>
    public required long Parameters { get; init; }

    /// <value>"float32" or "bfloat16".</value>
    public required string DataType { get; init; }

    /// <value>Loading the folder, libtorch already in the process: median of five.</value>
    public required double LoadMilliseconds { get; init; }

    /// <value>Tokens of the prefill that was timed.</value>
    public required int PrefillTokens { get; init; }

    /// <value>One forward over these tokens, without logits: median.</value>
    public required double PrefillMilliseconds { get; init; }

    /// <value>One denoising forward of a block with its logits, behind that prefill: median.</value>
    public required double ForwardMilliseconds { get; init; }

    /// <value>Holes filled.</value>
    public required int Infills { get; init; }

    /// <value>Request to answer, one in two is faster.</value>
    public required double InfillMedianMilliseconds { get; init; }

    /// <value>Request to answer, 19 in 20 are faster.</value>
    public required double Infill95Milliseconds { get; init; }

    /// <value>Mean forwards of a hole.</value>
    public required double ForwardsPerInfill { get; init; }

    /// <value>Mean new tokens of a hole.</value>
    public required double TokensPerInfill { get; init; }
}

/// <summary>Times loading, a forward, and whole infills of held-out holes.</summary>
public static class InfillBenchmark
{
    private const int Loads = 5;
    private const int Forwards = 200;
    private const int NewTokens = 32;

    /// <summary>Runs the benchmark.</summary>
    /// <param name="folder">A model folder.</param>
    /// <param name="options">How it is loaded.</param>
    /// <param name="holes">Holes to fill; the first few warm up and do not count.</param>
    /// <param name="progress">Told what is being timed.</param>
    /// <param name="cancellationToken">Checked between measurements.</param>
    public static async Task<InfillBenchmarkResult> RunAsync(
        string folder,
        ModelLoadOptions options,
        IReadOnlyList<Hole> holes,
        IProgress<string> progress,
        CancellationToken cancellationToken
    )
    {
        progress.Report("loading");
        double load;
        double prefill;
        double forward;
        int depth;
        await using (var worker = new InferenceWorker())
        {
            (load, prefill, forward, depth) = await worker.RunAsync(
                token => TimeModel(folder, options, progress, token),
                cancellationToken
            );
        }
        await using InfillEngine engine = await InfillEngine.LoadAsync(folder, options, progress: null, cancellationToken);
        List<(double Milliseconds, int Forwards, int Tokens)> fills = await FillAsync(engine, holes, progress, cancellationToken);
        double[] times = [.. fills.Select(fill => fill.Milliseconds).Order()];
        return new InfillBenchmarkResult
        {
            Model = engine.Description.Model,
            Parameters = engine.Description.Parameters,
            DataType = engine.Description.DataType,
            LoadMilliseconds = load,
            PrefillTokens = depth,
            PrefillMilliseconds = prefill,
            ForwardMilliseconds = forward,
            Infills = times.Length,
            InfillMedianMilliseconds = Quantile(times, 0.5),
            Infill95Milliseconds = Quantile(times, 0.95),
            ForwardsPerInfill = fills.Average(fill => fill.Forwards),
            TokensPerInfill = fills.Average(fill => fill.Tokens),
        };
    }

    private static (double Load, double Prefill, double Forward, int Depth) TimeModel(
        string folder,
        ModelLoadOptions options,
        IProgress<string> progress,
        CancellationToken cancellationToken
    )
    {
        // The first load brings libtorch into the process and is not counted.
        LoadedModel.Load(folder, options, progress: null, cancellationToken).Dispose();
        double load = Median(
            Loads,
            () => LoadedModel.Load(folder, options, progress: null, cancellationToken).Dispose(),
            cancellationToken
        );
        progress.Report("timing forwards");
        using LoadedModel model = LoadedModel.Load(folder, options, progress: null, cancellationToken);
        using var inference = inference_mode(true);
        int block = model.Config.BlockLength;
        int depth = Math.Min(448, (model.Config.MaxPositionEmbeddings - block) / block * block);
        int[] prompt = [.. Enumerable.Range(0, depth).Select(i => 300 + (i * 7919 % Math.Max(1, model.Tokenizer.VocabularySize - 300)))];
        int[] canvas = [.. Enumerable.Repeat(model.SpecialIds.Mask, block)];
        AttentionPattern pattern = AttentionPattern.BlockCausal(block);
        using KvCache cache = model.Transformer.NewCache(depth + block);
        double prefill = Median(20, () => model.Transformer.Forward(prompt, pattern, cache).Dispose(), cancellationToken);
        model.Transformer.Forward(prompt, pattern, cache).Dispose();
        cache.Commit(depth);
        double forward = Median(
            Forwards,
            () =>
            {
                using Tensor hidden = model.Transformer.Forward(canvas, pattern, cache);
                model.Transformer.Logits(hidden).Dispose();
            },
            cancellationToken
        );
        return (load, prefill, forward, depth);
    }

    private static async Task<List<(double, int, int)>> FillAsync(
        InfillEngine engine,
        IReadOnlyList<Hole> holes,
        IProgress<string> progress,
        CancellationToken cancellationToken
    )
    {
        const int WarmUp = 5;
        var fills = new List<(double, int, int)>();
        var options = new InfillOptions { MaxNewTokens = NewTokens, StopStrings = ["\n"] };
        foreach ((int index, Hole hole) in holes.Index())
        {
            progress.Report($"filling hole {index + 1} of {holes.Count}");
            var request = new InfillRequest
            {
                Text = hole.Prefix + hole.Suffix,
                Spans = [new TextSpan(hole.Prefix.Length, 0)],
                Options = options,
            };
            InfillResult result = await engine.InfillAsync(request, progress: null, cancellationToken);
            if (index >= WarmUp)
            {
                fills.Add((result.Milliseconds, result.Spans[0].Forwards, result.Spans[0].Tokens));
            }
        }
        return fills;
    }

    private static double Median(int times, Action action, CancellationToken cancellationToken)
    {
        var milliseconds = new double[times];
        for (int i = 0; i < times; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            action();
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }
        return Quantile([.. milliseconds.Order()], 0.5);
    }

    private static double Quantile(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
}
