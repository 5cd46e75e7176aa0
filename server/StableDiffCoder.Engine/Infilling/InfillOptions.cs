using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Model;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>How one infill request is sampled. The one source of these defaults.</summary>
public sealed record InfillOptions
{
    /// <summary>The largest accepted <see cref="MaxNewTokens"/>.</summary>
    public const int MaxNewTokensLimit = 4096;

    /// <value>Most new tokens a span may get; rounded up to whole blocks inside the engine. Default 64.</value>
    public int MaxNewTokens { get; init; } = 64;

    /// <value>
    /// Reveal every masked token of the current block whose confidence is at least this probability (the best one always).
    /// Null reveals one token a step. Default null.
    /// </value>
    public double? Threshold { get; init; }

    /// <value>
    /// Reveal the surest masked tokens while the sum of their entropies without the largest stays within this bound, in nats; excludes
    /// <see cref="Threshold"/>. Default null.
    /// </value>
    public double? EntropyBound { get; init; }

    /// <value>Which masked tokens are revealed first (FIM order only). Null is what the model's config says. Default null.</value>
    public RemaskingOrder? Remasking { get; init; }

    /// <value>
    /// Largest weight of what the document says where it repeats itself (<see cref="DocumentPrior"/>; FIM order only); 0 leaves all to the model.
    /// Null is what the model's config says. Default null.
    /// </value>
    public double? DocumentPrior { get; init; }

    /// <value>How forwards are laid out (FIM order only). Default fused: the released sampler's tokens in fewer forwards.</value>
    public SamplerKind Sampler { get; init; } = SamplerKind.Fused;

    /// <value>Sampling temperature; 0 is greedy. Default 0.</value>
    public double Temperature { get; init; }

    /// <value>Seed of the sampling noise; unused at temperature 0. Default 0.</value>
    public long Seed { get; init; }

    /// <value>Generation stops as soon as the new text contains one of these; the text ends before it. Default none.</value>
    public IReadOnlyList<string> StopStrings { get; init; } = [];

    /// <value>
    /// Whether the text also ends where the text behind the span begins again: whole lines of it, at least 12 characters without white space.
    /// Default false.
    /// </value>
    public bool StopAtSuffix { get; init; }

    /// <value>
    /// Time from the request to its answer. When it is up, no forward is started any more, and each span's text is what was finished by then.
    /// Null waits for the whole. Default null.
    /// </value>
    public double? DeadlineMilliseconds { get; init; }

    /// <value>What a deadline leaves ends before the first block whose tokens' mean probability is lower than this. Default 0.5.</value>
    public double DeadlineConfidence { get; init; } = 0.5;

    /// <value>Tokens of context (prefix and suffix together) given to the model; null takes what the model's window leaves. Default null.</value>
    public int? ContextTokens { get; init; }

    /// <value>
    /// Most tokens of <see cref="InfillRequest.Snippets"/>, 0 to 65,536. They get what prefix and suffix leave of the window; of a document that
    /// leaves nothing an eighth. Default 256.
    /// </value>
    public int SnippetTokens { get; init; } = 256;

    /// <summary>Throws when a value is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        Require(MaxNewTokens is >= 1 and <= MaxNewTokensLimit, $"maxNewTokens is {MaxNewTokens}; use 1 to {MaxNewTokensLimit}");
        RemaskingStrategies.Validate(Threshold, EntropyBound);
        Require(
            Remasking is null || Enum.IsDefined(Remasking.Value),
            $"remasking is {Remasking}; use one of {string.Join(", ", Enum.GetNames<RemaskingOrder>())}, or null"
        );
        Require(DocumentPrior is null or (>= 0 and < 1), $"documentPrior is {DocumentPrior}; use 0 to below 1, or null");
        Require(Enum.IsDefined(Sampler), $"sampler is {Sampler}; use one of {string.Join(", ", Enum.GetNames<SamplerKind>())}");
        Require(
            Sampler != SamplerKind.SelfVerified || EntropyBound is null,
            "the self-verified sampler has no use for entropyBound; leave it out, or take another sampler"
        );
        Require(Temperature is >= 0 and <= 10, $"temperature is {Temperature}; use 0 to 10");
        Require(ContextTokens is null or >= 0, $"contextTokens is {ContextTokens}; use 0 or more, or null");
        Require(SnippetTokens is >= 0 and <= 65536, $"snippetTokens is {SnippetTokens}; use 0 to 65536");
        Require(
            DeadlineMilliseconds is null or (>= 0 and <= 1e9),
            $"deadlineMilliseconds is {DeadlineMilliseconds}; use 0 or more, or null"
        );
        Require(DeadlineConfidence is >= 0 and <= 1, $"deadlineConfidence is {DeadlineConfidence}; use a probability from 0 to 1");
        Require(StopStrings.All(stop => stop.Length > 0), "stopStrings has an empty string; remove it");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
