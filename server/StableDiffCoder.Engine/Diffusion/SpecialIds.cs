namespace StableDiffCoder.Engine.Diffusion;

/// <summary>Ids with a meaning to the sampler.</summary>
/// <param name="Mask">The mask token.</param>
/// <param name="Eos">The end-of-sentence token.</param>
/// <param name="Forbidden">Ids that must never be chosen: the mask, and ids without a token.</param>
public sealed record SpecialIds(int Mask, int Eos, IReadOnlyCollection<int> Forbidden);
