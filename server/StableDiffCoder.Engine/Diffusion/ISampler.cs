using StableDiffCoder.Engine.Model;

namespace StableDiffCoder.Engine.Diffusion;

/// <summary>Continues a prompt by block diffusion. Used by one thread at a time.</summary>
public interface ISampler
{
    /// <summary>Continues a prompt.</summary>
    /// <param name="prompt">Its ids; an eos inside does not end anything.</param>
    /// <param name="options">Validated here.</param>
    /// <param name="hooks">Callbacks.</param>
    /// <param name="cancellationToken">Checked before each forward.</param>
    /// <param name="noise">Noise for temperatures above 0; null uses <see cref="SplitMixNoise"/> with the options' seed.</param>
    /// <param name="cache">
    /// Holds the prompt's first whole blocks, from none to all of them; what it lacks is computed. It grows by finished blocks only, also when
    /// the generation is cancelled or fails. Null uses an empty one and drops it.
    /// </param>
    /// <exception cref="ArgumentException">An option is out of bounds, or prompt and new tokens do not fit the model.</exception>
    Generation Generate(
        ReadOnlySpan<int> prompt,
        SamplerOptions options,
        GenerationHooks hooks,
        CancellationToken cancellationToken,
        INoiseSource? noise = null,
        KvCache? cache = null
    );
}
