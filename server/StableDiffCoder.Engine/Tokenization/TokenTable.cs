using System.Text;

namespace StableDiffCoder.Engine.Tokenization;

/// <summary>The bytes of every token, one after the other in one array.</summary>
internal sealed class TokenTable
{
    private readonly byte[] bytes;
    private readonly int[] starts; // [VocabularySize + 1]
    private readonly TokenTraits[] traits; // [VocabularySize]

    /// <param name="vocabulary">Ids by token in the byte-level alphabet.</param>
    /// <param name="addedTokens">Tokens that stand for their content as it is.</param>
    public TokenTable(Dictionary<string, int> vocabulary, IReadOnlyList<AddedToken> addedTokens)
    {
        Size = vocabulary.Values.Concat(addedTokens.Select(token => token.Id)).Max() + 1;
        var contents = new byte[]?[Size];
        traits = new TokenTraits[Size];
        foreach (var (token, id) in vocabulary)
        {
            // A token with a character outside the alphabet stands for itself, as in Hugging Face's decoder.
            contents[id] = ByteLevelAlphabet.TryDecode(token, out var decoded) ? decoded : Encoding.UTF8.GetBytes(token);
            traits[id] = TokenTraits.Exists;
        }

        foreach (var token in addedTokens)
        {
            contents[token.Id] = Encoding.UTF8.GetBytes(token.Content);
            traits[token.Id] = TokenTraits.Exists | (token.IsSpecial ? TokenTraits.Special : TokenTraits.None);
        }

        starts = new int[Size + 1];
        for (var id = 0; id < Size; id++)
        {
            starts[id + 1] = starts[id] + (contents[id]?.Length ?? 0);
        }

        bytes = new byte[starts[Size]];
        for (var id = 0; id < Size; id++)
        {
            contents[id]?.CopyTo(bytes, starts[id]);
        }
    }

    [Flags]
    private enum TokenTraits : byte
    {
        None,
        Exists,
        Special,
    }

    /// <summary>One more than the highest id.</summary>
    public int Size { get; }

    /// <summary>Whether there is a token with this id.</summary>
    public bool Has(int id) => (uint)id < (uint)Size && (traits[id] & TokenTraits.Exists) != 0;

    /// <summary>Whether the token is a control token.</summary>
    public bool IsSpecial(int id) => (uint)id < (uint)Size && (traits[id] & TokenTraits.Special) != 0;

    /// <summary>The token's bytes; none for an id without a token.</summary>
    public ReadOnlyMemory<byte> Bytes(int id) => Has(id) ? bytes.AsMemory(starts[id], starts[id + 1] - starts[id]) : default;
}
