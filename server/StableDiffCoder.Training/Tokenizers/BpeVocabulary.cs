namespace StableDiffCoder.Training.Tokenizers;

/// <summary>A trained byte-level BPE.</summary>
/// <param name="SpecialTokens">Special tokens; ids 0, 1, …</param>
/// <param name="Tokens">The other tokens in the byte-level alphabet, by id after the special ones: the 256 bytes in order, then merged ones.</param>
/// <param name="Merges">Pairs of tokens in the order in which they are merged.</param>
/// <param name="SplitPattern">The pattern of the pre-tokenizer.</param>
public sealed record BpeVocabulary(
    IReadOnlyList<string> SpecialTokens,
    IReadOnlyList<string> Tokens,
    IReadOnlyList<(string Left, string Right)> Merges,
    string SplitPattern
)
{
    /// <summary>Tokens in all.</summary>
    public int Size => SpecialTokens.Count + Tokens.Count;
}
