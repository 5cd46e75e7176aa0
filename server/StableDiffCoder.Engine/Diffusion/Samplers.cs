using StableDiffCoder.Engine.Model;

namespace StableDiffCoder.Engine.Diffusion;

/// <summary>Which sampler.</summary>
public enum SamplerKind
{
    /// <summary><see cref="BlockDiffusionSampler"/>.</summary>
    Reference,

    /// <summary><see cref="FusedCommitSampler"/>.</summary>
    Fused,

    /// <summary><see cref="SpeculativeSampler"/>.</summary>
    Speculative,

    /// <summary><see cref="SelfVerifyingSampler"/>.</summary>
    SelfVerified,
}

/// <summary>A sampler as a user names it.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Name">As in commands and JSON.</param>
/// <param name="IsExact">Whether its tokens are the released sampler's.</param>
/// <param name="Summary">What it does, in one line.</param>
public sealed record SamplerDescription(SamplerKind Kind, string Name, bool IsExact, string Summary);

/// <summary>All samplers: the one place that knows their names.</summary>
public static class Samplers
{
    /// <summary>Every sampler, the reference first.</summary>
    public static IReadOnlyList<SamplerDescription> All { get; } =
    [
        new(SamplerKind.Reference, "reference", true, "the released sampler: one forward a step, and one a block to commit it"),
        new(SamplerKind.Fused, "fused", true, "the same tokens; a block is committed by the first step of the next one"),
        new(SamplerKind.Speculative, "speculative", true, "the same tokens; the steps to come are guessed and checked in one wide forward"),
        new(SamplerKind.SelfVerified, "self-verified", false, "other tokens: drafts a block and verifies it from the left at block size 1"),
    ];

    /// <summary>The sampler of a name; null when there is none.</summary>
    public static SamplerDescription? Find(string name) => All.FirstOrDefault(sampler => sampler.Name == name);

    /// <summary>How a user names a sampler.</summary>
    public static string NameOf(SamplerKind kind) => All.First(sampler => sampler.Kind == kind).Name;

    /// <summary>Creates a sampler.</summary>
    public static ISampler Create(SamplerKind kind, DiffusionTransformer model, SpecialIds special) =>
        kind switch
        {
            SamplerKind.Reference => new BlockDiffusionSampler(model, special),
            SamplerKind.Fused => new FusedCommitSampler(model, special),
            SamplerKind.Speculative => new SpeculativeSampler(model, special),
            SamplerKind.SelfVerified => new SelfVerifyingSampler(model, special),
            _ => throw new ArgumentException($"sampler is {kind}; use one of {string.Join(", ", Enum.GetNames<SamplerKind>())}"),
        };
}
