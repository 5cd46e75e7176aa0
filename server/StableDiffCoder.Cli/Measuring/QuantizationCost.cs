using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Training.Evaluation;
using static TorchSharp.torch;

namespace StableDiffCoder.Cli.Measuring;

/// <summary>What one type of weights makes of the holes.</summary>
/// <param name="LogProbabilities">Per hole, the mean natural-log probability of its answer's tokens, each with its whole block masked.</param>
/// <param name="Fills">What the model itself writes, per hole.</param>
public sealed record HoleOpinions(IReadOnlyList<double> LogProbabilities, IReadOnlyList<IReadOnlyList<int>> Fills);

/// <summary>What fewer bits cost, beside the first type.</summary>
public sealed record QuantizationCostRow
{
    /// <value>Type of the weights.</value>
    public required string Dtype { get; init; }

    /// <value>Mean over holes of the mean log-probability of the answer's tokens, nats.</value>
    public required double MeanLogProbability { get; init; }

    /// <value>The same less the first type's.</value>
    public required double Change { get; init; }

    /// <value>95 % interval of the change, by paired bootstrap over holes.</value>
    public required double Low { get; init; }

    /// <inheritdoc cref="Low"/>
    public required double High { get; init; }

    /// <value>Mean size of a hole's change.</value>
    public required double MeanSize { get; init; }

    /// <value>Share of holes whose greedy fill is the first type's, token for token.</value>
    public required double SameFills { get; init; }
}

/// <summary>Compares types of weights on held-out holes: how probable they find the answers, and what they write.</summary>
internal static class QuantizationCost
{
    private const int MostTokens = 32;

    /// <summary>Asks a loaded model. Runs on the thread that owns it.</summary>
    public static HoleOpinions Ask(
        LoadedModel model,
        IReadOnlyList<Hole> holes,
        IProgress<string> progress,
        CancellationToken cancellationToken
    )
    {
        using var inference = inference_mode(true);
        var probabilities = new List<double>();
        var fills = new List<IReadOnlyList<int>>();
        var sampler = new FusedCommitSampler(model.Transformer, model.SpecialIds);
        int block = model.Config.BlockLength;
        var options = new SamplerOptions { GenLength = MostTokens / block * block, BlockLength = block };
        foreach ((int index, Hole hole) in holes.Index())
        {
            progress.Report($"hole {index + 1} of {holes.Count}");
            int[] prompt = model.FimPrompt(hole.Prefix, hole.Suffix, MostTokens + block);
            int[] answer = [.. model.Tokenizer.Encode(hole.Answer, parseSpecial: false).Take(MostTokens)];
            using KvCache cache = model.Transformer.NewCache(prompt.Length + MostTokens + (2 * block));
            probabilities.Add(Score(model, prompt, answer, cache, cancellationToken).DefaultIfEmpty(0).Average());
            cache.Truncate(Math.Min(cache.Length, prompt.Length / block * block));
            fills.Add(sampler.Generate(prompt, options, GenerationHooks.None, cancellationToken, cache: cache).NewIds);
        }
        return new HoleOpinions(probabilities, fills);
    }

    /// <summary>One row a type; the first is what the others are compared with.</summary>
    public static IReadOnlyList<QuantizationCostRow> Compare(IReadOnlyList<(string Type, HoleOpinions Opinions)> types)
    {
        HoleOpinions first = types[0].Opinions;
        return
        [
            .. types.Select(type =>
            {
                double[] change = [.. type.Opinions.LogProbabilities.Zip(first.LogProbabilities, (own, other) => own - other)];
                ConfidenceInterval interval = PairedBootstrap.Difference(
                    [.. type.Opinions.LogProbabilities],
                    [.. first.LogProbabilities],
                    seed: 1
                );
                return new QuantizationCostRow
                {
                    Dtype = type.Type,
                    MeanLogProbability = type.Opinions.LogProbabilities.Average(),
                    Change = change.Average(),
                    Low = interval.Low,
                    High = interval.High,
                    MeanSize = change.Average(Math.Abs),
                    SameFills = type.Opinions.Fills.Zip(first.Fills, (own, other) => own.SequenceEqual(other) ? 1.0 : 0).Average(),
                };
            }),
        ];
    }

    // Block by block: the answer's tokens masked, then written.
    private static List<double> Score(LoadedModel model, int[] prompt, int[] answer, KvCache cache, CancellationToken cancellationToken)
    {
        int block = model.Config.BlockLength;
        var pattern = AttentionPattern.BlockCausal(block);
        int[] all = [.. prompt, .. answer];
        var scores = new List<double>();
        int start = prompt.Length / block * block;
        if (start > 0)
        {
            model.Transformer.Forward(prompt.AsSpan(0, start), pattern, cache).Dispose();
            cache.Commit(start);
        }
        for (; start < all.Length; start += block)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[] clean = all[start..Math.Min(start + block, all.Length)];
            int masked = Math.Max(0, prompt.Length - start);
            int[] canvas = [.. clean.Select((id, i) => i < masked ? id : model.SpecialIds.Mask)];
            using var scope = NewDisposeScope();
            Tensor hidden = model.Transformer.Forward(canvas, pattern, cache);
            Tensor logProbability = nn.functional.log_softmax(model.Transformer.Logits(hidden).to(ScalarType.Float64), 1);
            double[] values = logProbability.cpu().data<double>().ToArray();
            for (int i = masked; i < clean.Length; i++)
            {
                scores.Add(values[(i * model.Config.VocabSize) + clean[i]]);
            }
            model.Transformer.Forward(clean, pattern, cache).Dispose();
            cache.Commit(clean.Length);
        }
        return scores;
    }
}
