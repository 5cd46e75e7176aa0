using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Diffusion;

/// <summary>
/// The released sampler (<c>generate_block</c>), token for token and forward for forward: blocks are denoised one after another, each
/// finished block is committed to the KV cache by one more forward. Every faster sampler is compared with this one.
/// </summary>
/// <param name="model">The model; block-causal attention is used whatever its config says.</param>
/// <param name="special">Ids with a meaning.</param>
public sealed class BlockDiffusionSampler(DiffusionTransformer model, SpecialIds special)
{
    /// <summary>Continues a prompt.</summary>
    /// <param name="prompt">Its ids; an eos inside does not end anything.</param>
    /// <param name="options">Validated here.</param>
    /// <param name="hooks">Callbacks.</param>
    /// <param name="cancellationToken">Checked before each forward.</param>
    /// <param name="noise">Noise for temperatures above 0; null uses <see cref="SplitMixNoise"/> with the options' seed.</param>
    /// <exception cref="ArgumentException">An option is out of bounds, or prompt and new tokens do not fit the model.</exception>
    public Generation Generate(
        ReadOnlySpan<int> prompt,
        SamplerOptions options,
        GenerationHooks hooks,
        CancellationToken cancellationToken,
        INoiseSource? noise = null
    )
    {
        options.Validate(prompt.Length, model.Config.MaxPositionEmbeddings);
        using var inference = inference_mode(true);
        using var scope = NewDisposeScope();
        using KvCache cache = model.NewCache(prompt.Length + options.GenLength);
        using var tokens = new TokenSampler(special.Forbidden, options.Temperature, noise ?? new SplitMixNoise(options.Seed), model.Device);
        var run = new Run(model, special, options, hooks, cache, tokens, cancellationToken);
        return run.Continue(prompt);
    }

    /// <summary>The state of one generation.</summary>
    private sealed class Run(
        DiffusionTransformer model,
        SpecialIds special,
        SamplerOptions options,
        GenerationHooks hooks,
        KvCache cache,
        TokenSampler tokens,
        CancellationToken cancellationToken
    )
    {
        private readonly AttentionPattern pattern = AttentionPattern.BlockCausal(options.BlockLength);
        private readonly IRemaskingStrategy remasking = options.Threshold is double threshold
            ? new ThresholdRemasking(threshold)
            : new LowConfidenceRemasking(options.StepsPerBlock);
        private readonly List<int> newIds = [];
        private readonly List<double> confidences = [];
        private int forwards;

        public Generation Continue(ReadOnlySpan<int> prompt)
        {
            int finished = prompt.Length / options.BlockLength * options.BlockLength;
            Prefill(prompt[..finished]);
            int[] pending = prompt[finished..].ToArray();
            foreach (DiffusionBlock block in BlockLayout.Blocks(prompt.Length, options.GenLength, options.BlockLength))
            {
                int[] canvas = Denoise(block, pending);
                pending = [];
                if (EndAtEos(canvas, block.PromptTokens))
                {
                    return Finish(GenerationStop.Eos);
                }
                if (hooks.ShouldStop?.Invoke(newIds) == true)
                {
                    return Finish(GenerationStop.Condition);
                }
                Commit(canvas);
            }
            return Finish(GenerationStop.Length);
        }

        private Generation Finish(GenerationStop stop) => new(newIds, confidences, forwards, stop);

        private void Prefill(ReadOnlySpan<int> ids)
        {
            if (ids.Length == 0)
            {
                return;
            }
            cancellationToken.ThrowIfCancellationRequested();
            model.Forward(ids, pattern, cache).Dispose();
            cache.Commit(ids.Length);
        }

        // Denoises one block and appends its tokens to newIds; returns the whole block, prompt tokens included.
        private int[] Denoise(DiffusionBlock block, int[] promptTail)
        {
            int[] canvas = [.. promptTail, .. Enumerable.Repeat(special.Mask, block.NewTokens)];
            var masked = Enumerable.Range(block.PromptTokens, block.NewTokens).ToList();
            int first = newIds.Count;
            newIds.AddRange(canvas[block.PromptTokens..]);
            confidences.AddRange(Enumerable.Repeat(0.0, block.NewTokens));
            for (int step = 0; step < remasking.StepLimit(block.NewTokens) && masked.Count > 0; step++)
            {
                if (!remasking.RunsForward(step, block.NewTokens))
                {
                    continue;
                }
                TokenProposal[] proposals = Propose(canvas, masked);
                double[] confidence = [.. proposals.Select(proposal => proposal.Confidence)];
                foreach (int chosen in remasking.Reveal(confidence, step, block.NewTokens).OrderDescending())
                {
                    int position = masked[chosen];
                    canvas[position] = proposals[chosen].Id;
                    newIds[first + position - block.PromptTokens] = proposals[chosen].Id;
                    confidences[first + position - block.PromptTokens] = proposals[chosen].Confidence;
                    masked.RemoveAt(chosen);
                }
                hooks.OnStep?.Invoke(new DenoisingStep(newIds, confidences, forwards));
            }
            return canvas;
        }

        private TokenProposal[] Propose(int[] canvas, List<int> masked)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            Tensor hidden = model.Forward(canvas, pattern, cache); // [B, D]
            forwards++;
            Tensor rows = tensor(masked.Select(position => (long)position).ToArray(), ScalarType.Int64, device: model.Device);
            return tokens.Propose(model.Logits(hidden.index_select(0, rows)));
        }

        // The first new eos fills the rest of its block. An eos of the prompt does not count.
        private bool EndAtEos(int[] canvas, int promptTokens)
        {
            int eos = Array.IndexOf(canvas, special.Eos, promptTokens);
            if (eos < 0)
            {
                return false;
            }
            int fromEnd = canvas.Length - eos;
            for (int i = newIds.Count - fromEnd; i < newIds.Count; i++)
            {
                confidences[i] = newIds[i] == special.Eos ? confidences[i] : 1;
                newIds[i] = special.Eos;
            }
            return true;
        }

        private void Commit(int[] canvas)
        {
            cancellationToken.ThrowIfCancellationRequested();
            model.Forward(canvas, pattern, cache).Dispose();
            cache.Commit(canvas.Length);
            forwards++;
        }
    }
}
