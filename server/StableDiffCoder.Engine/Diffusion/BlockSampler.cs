using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Diffusion;

/// <summary>
/// What every sampler shares: it fills block after block behind a prompt, with block-causal attention whatever the model's config says.
/// Samplers differ in which rows a forward computes and in what they conclude from them.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="special">Ids with a meaning.</param>
public abstract class BlockSampler(DiffusionTransformer model, SpecialIds special) : ISampler
{
    /// <inheritdoc/>
    public Generation Generate(
        ReadOnlySpan<int> prompt,
        SamplerOptions options,
        GenerationHooks hooks,
        CancellationToken cancellationToken,
        INoiseSource? noise = null,
        KvCache? cache = null
    )
    {
        options.Validate(prompt.Length, model.Config.MaxPositionEmbeddings);
        CheckOptions(options);
        using var inference = inference_mode(true);
        using var scope = NewDisposeScope();
        using KvCache? own = cache is null ? model.NewCache(0) : null;
        KvCache finished = cache ?? own!;
        int wholeBlocks = prompt.Length / options.BlockLength * options.BlockLength;
        if (finished.Length % options.BlockLength != 0 || finished.Length > wholeBlocks)
        {
            throw new ArgumentException(
                $"the cache holds {finished.Length} tokens; a prompt of {prompt.Length} and blocks of {options.BlockLength} "
                    + $"allow a multiple of {options.BlockLength} up to {wholeBlocks}"
            );
        }
        finished.Reserve(prompt.Length + options.GenLength + WorkRows(options));
        IRemaskingStrategy remasking = RemaskingStrategies.For(options);
        using var tokens = new TokenSampler(special.Forbidden, options.Temperature, noise ?? new SplitMixNoise(options.Seed), model.Device)
        {
            MeasuresEntropy = remasking.NeedsEntropy,
            ForbiddenFirst = options.ForbiddenFirst,
            EndId = special.Eos,
        };
        var run = new GenerationRun(model, special, options, hooks, finished, tokens, remasking, cancellationToken);
        return Run(run, prompt);
    }

    /// <summary>Rows that a forward may compute beyond the sequence itself.</summary>
    private protected virtual int WorkRows(SamplerOptions options) => 0;

    /// <summary>Throws when this sampler has no use for an option.</summary>
    private protected virtual void CheckOptions(SamplerOptions options) { }

    /// <summary>Runs a generation to its end.</summary>
    private protected abstract Generation Run(GenerationRun run, ReadOnlySpan<int> prompt);
}
