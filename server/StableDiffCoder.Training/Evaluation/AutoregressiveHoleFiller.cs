using System.Diagnostics;
using System.Text;
using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Tokenization;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>
/// Fills holes with an autoregressive model: the FIM prompt of the diffusion engine, then one token after the other, greedily, with a KV
/// cache, to eos. A forward a token; that of the prompt gives the first.
/// </summary>
/// <param name="model">A model that predicts the next token; stays the caller's, and is run on the caller's thread.</param>
/// <param name="name">Name in the report; null is the model folder's.</param>
public sealed class AutoregressiveHoleFiller(LoadedModel model, string? name = null) : IHoleFiller
{
    /// <inheritdoc/>
    public string Name { get; } = name ?? model.Directory.Name;

    /// <inheritdoc/>
    public Task<HoleFill> FillAsync(Hole hole, int maxNewTokens, CancellationToken cancellationToken) =>
        Task.FromResult(Fill(hole, maxNewTokens, cancellationToken));

    private HoleFill Fill(Hole hole, int maxNewTokens, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        using var inference = inference_mode(true);
        using var scope = NewDisposeScope();
        int[] pending = model.FimPrompt(hole.Prefix, hole.Suffix, maxNewTokens);
        using KvCache cache = model.Transformer.NewCache(pending.Length + maxNewTokens);
        using var sampler = new TokenSampler(model.SpecialIds.Forbidden, temperature: 0, new SplitMixNoise(0), model.Transformer.Device);
        var decoder = new StreamingTokenDecoder(model.Tokenizer);
        var text = new StringBuilder();
        int tokens = 0;
        int forwards = 0;
        bool isOpen = true;
        while (isOpen && tokens < maxNewTokens)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int id = Next(pending, cache, sampler);
            forwards++;
            pending = [id];
            if (id == model.SpecialIds.Eos)
            {
                break;
            }
            tokens++;
            text.Append(model.IsControl(id) ? "" : decoder.Append(id));
            isOpen = !hole.EndsWithItsLine || !text.ToString().Contains('\n', StringComparison.Ordinal);
        }
        return new HoleFill(hole.Counted(text.ToString()), tokens, forwards, clock.Elapsed.TotalMilliseconds);
    }

    private int Next(int[] ids, KvCache cache, TokenSampler sampler)
    {
        using var step = NewDisposeScope();
        Tensor hidden = model.Transformer.Forward(ids, AttentionPattern.Causal, cache); // [T, D]
        cache.Commit(ids.Length);
        return sampler.Propose(model.Transformer.Logits(hidden.narrow(0, ids.Length - 1, 1)))[0].Id;
    }
}
