using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Tokenization;

/// <summary>What a tokenizer.json says, checked.</summary>
/// <param name="Path">The file, for messages.</param>
/// <param name="Vocabulary">Ids by token, tokens written in the byte-level alphabet.</param>
/// <param name="Merges">Rank and result by <see cref="BytePairEncoder.Pair"/>.</param>
/// <param name="AddedTokens">The added tokens in the file's order.</param>
/// <param name="PreTokenizer">The split patterns.</param>
/// <param name="NormalizesToFormC">Whether text is brought to form C first.</param>
/// <param name="IgnoresMerges">Whether a chunk that is a token is taken as it is, without merging up to it.</param>
internal sealed record TokenizerDefinition(
    string Path,
    Dictionary<string, int> Vocabulary,
    Dictionary<long, (int Rank, int Id)> Merges,
    IReadOnlyList<AddedToken> AddedTokens,
    PreTokenizer PreTokenizer,
    bool NormalizesToFormC,
    bool IgnoresMerges
)
{
    // Vocabularies have some hundred thousand tokens; a far larger id is damage, and tables indexed by it would fill the memory.
    private const int IdLimit = 1 << 24;

    /// <exception cref="ModelLoadException">Parts of the file contradict one another, or text would be lost or turned into control.</exception>
    public void Validate()
    {
        CheckAddedTokens();
        CheckIds();
        CheckMerges();
    }

    private void CheckIds()
    {
        var seen = new HashSet<int>(Vocabulary.Count);
        foreach (var (token, id) in Vocabulary)
        {
            CheckRange(token, id);
            if (!seen.Add(id))
            {
                throw Refuse($"id {id} of '{token}' belongs to another token as well");
            }
        }

        foreach (var token in AddedTokens)
        {
            CheckRange(token.Content, token.Id);
            if (!Vocabulary.ContainsKey(token.Content) && !seen.Add(token.Id))
            {
                throw Refuse($"id {token.Id} of the added token '{token.Content}' belongs to another token as well");
            }
        }
    }

    private void CheckRange(string token, int id)
    {
        if (id is < 0 or >= IdLimit)
        {
            throw Refuse($"id {id} of '{token}' is not in 0 to {IdLimit - 1}");
        }
    }

    private void CheckAddedTokens()
    {
        var contents = new HashSet<string>();
        foreach (var token in AddedTokens)
        {
            if (token.Content.Length == 0 || !contents.Add(token.Content))
            {
                throw Refuse($"the added token {token.Id} is empty or there twice");
            }

            if (Vocabulary.TryGetValue(token.Content, out var id) && id != token.Id)
            {
                throw Refuse($"'{token.Content}' has id {token.Id} among the added tokens and {id} in the vocabulary");
            }
        }
    }

    private void CheckMerges()
    {
        var special = AddedTokens.Where(token => token.IsSpecial).ToDictionary(token => token.Id, token => token.Content);
        foreach (var merge in Merges.Values)
        {
            if (special.TryGetValue(merge.Id, out var content))
            {
                throw Refuse($"the control token '{content}' is the result of a merge, so ordinary text could become control");
            }
        }
    }

    private ModelLoadException Refuse(string what) => new(Path, $"{Path}: {what}. Take tokenizer.json from the model's publisher again.");
}
