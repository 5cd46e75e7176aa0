namespace StableDiffCoder.Engine.Tokenization;

/// <summary>One entry of tokenizer.json's <c>added_tokens</c>: a token that is cut out of the text before BPE sees it.</summary>
internal sealed record AddedToken(int Id, string Content)
{
    /// <summary>A control token: skipped by decoders on request, and never made from a user's text.</summary>
    public bool IsSpecial { get; init; }

    /// <summary>Looked for in the normalized text rather than in the text as given.</summary>
    public bool IsNormalized { get; init; }

    /// <summary>Takes the white space on its left with it.</summary>
    public bool StripsLeft { get; init; }

    /// <summary>Takes the white space on its right with it.</summary>
    public bool StripsRight { get; init; }

    /// <summary>Counts only where no word character touches it.</summary>
    public bool IsSingleWord { get; init; }
}

/// <summary>Which of the added tokens (tokenizer.json's <c>added_tokens</c>) are recognised in a text.</summary>
public enum AddedTokenParsing
{
    /// <summary>All, as Hugging Face's tokenizers do unless told otherwise. For prompts that this program wrote.</summary>
    All,

    /// <summary>
    /// All but those marked <c>"special": true</c>, which become plain text: Hugging Face's <c>encode_special_tokens</c>. Some checkpoints
    /// mark control tokens <c>"special": false</c>; those are still recognised.
    /// </summary>
    ExceptSpecial,

    /// <summary>None: whatever the text says, it is text. For everything that a user wrote.</summary>
    None,
}
