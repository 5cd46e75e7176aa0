using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Tokenization;

/// <summary>What a control token is for.</summary>
public enum SpecialTokenKind
{
    /// <summary>Begins a text.</summary>
    Bos,

    /// <summary>Ends a text.</summary>
    Eos,

    /// <summary>Fills a batch up to its length.</summary>
    Pad,

    /// <summary>Stands for a token that is still to be denoised.</summary>
    Mask,

    /// <summary>Announces the text before a hole.</summary>
    FimPrefix,

    /// <summary>Announces the text after a hole.</summary>
    FimSuffix,

    /// <summary>Announces the text of the hole.</summary>
    FimMiddle,

    /// <summary>Stands between two texts.</summary>
    Separator,
}

/// <summary>
/// The ids of the control tokens, found among tokenizer.json's <c>added_tokens</c> by their content: Seed-Coder's names first, then the
/// names that other code models use. A kind that the tokenizer lacks is null.
/// </summary>
public sealed class SpecialTokens
{
    private static readonly string[][] Contents =
    [
        ["<[begin▁of▁sentence]>", "<|begin_of_text|>", "<bos>", "<s>"],
        ["<[end▁of▁sentence]>", "<|end_of_text|>", "<|endoftext|>", "<eos>", "</s>"],
        ["<[PAD▁TOKEN]>", "<|pad|>", "<pad>"],
        ["<[MASK_TOKEN]>", "<|mask|>", "<|mdm_mask|>", "<mask>"],
        ["<[fim-prefix]>", "<|fim_prefix|>", "<fim_prefix>"],
        ["<[fim-suffix]>", "<|fim_suffix|>", "<fim_suffix>"],
        ["<[fim-middle]>", "<|fim_middle|>", "<fim_middle>"],
        ["<[SEP▁TOKEN]>", "<|sep|>", "<sep>"],
    ];

    private readonly string path;
    private readonly int?[] ids = new int?[Contents.Length];

    internal SpecialTokens(string path, IEnumerable<AddedToken> addedTokens)
    {
        this.path = path;
        var idOfContent = addedTokens.ToDictionary(token => token.Content, token => token.Id);
        for (var kind = 0; kind < Contents.Length; kind++)
        {
            ids[kind] = Contents[kind].Where(idOfContent.ContainsKey).Select(content => (int?)idOfContent[content]).FirstOrDefault();
        }
    }

    /// <summary>Begins a text.</summary>
    public int? Bos => this[SpecialTokenKind.Bos];

    /// <summary>Ends a text.</summary>
    public int? Eos => this[SpecialTokenKind.Eos];

    /// <summary>Fills a batch up to its length.</summary>
    public int? Pad => this[SpecialTokenKind.Pad];

    /// <summary>Stands for a token that is still to be denoised.</summary>
    public int? Mask => this[SpecialTokenKind.Mask];

    /// <summary>Announces the text before a hole.</summary>
    public int? FimPrefix => this[SpecialTokenKind.FimPrefix];

    /// <summary>Announces the text after a hole.</summary>
    public int? FimSuffix => this[SpecialTokenKind.FimSuffix];

    /// <summary>Announces the text of the hole.</summary>
    public int? FimMiddle => this[SpecialTokenKind.FimMiddle];

    /// <summary>Stands between two texts.</summary>
    public int? Separator => this[SpecialTokenKind.Separator];

    /// <summary>The id of a kind, or null.</summary>
    public int? this[SpecialTokenKind kind] => ids[(int)kind];

    /// <summary>The id of a kind that the caller cannot do without.</summary>
    /// <exception cref="ModelLoadException">The tokenizer has no such token; the message names the contents looked for.</exception>
    public int Require(SpecialTokenKind kind) =>
        this[kind]
        ?? throw new ModelLoadException(
            path,
            $"{path} has no {kind} token: none of {string.Join(" ", Contents[(int)kind])} is in its added_tokens. "
                + "Use the tokenizer.json that belongs to a block-diffusion code model."
        );
}
