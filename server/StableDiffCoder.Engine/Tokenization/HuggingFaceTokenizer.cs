using System.Buffers;
using System.Text;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Tokenization;

/// <summary>
/// A byte-level BPE tokenizer read from Hugging Face's tokenizer.json. Ids equal those of Hugging Face's library (with
/// <c>add_special_tokens</c> off: no BOS is added) on any text. Decoding an encoded text gives the text in form C where the file's
/// normalizer is NFC, else the text itself; an unpaired surrogate counts as U+FFFD. Thread-safe.
/// </summary>
/// <remarks>
/// The way of a text: added tokens are cut out; what lies between is normalized; added tokens that are looked for in normalized text are
/// cut out; <see cref="PreTokenizer"/> cuts the rest into chunks; BPE makes ids of each chunk.
/// Hugging Face's library orders combining marks by the Unicode version it was built with. Marks that are newer (such as U+08CC and
/// U+1133B) and stand next to another mark can be ordered differently here, where form C is that of this process.
/// </remarks>
public sealed class HuggingFaceTokenizer
{
    private readonly AddedTokenSplitter tokensInRawText;
    private readonly AddedTokenSplitter tokensInNormalizedText;
    private readonly PreTokenizer preTokenizer;
    private readonly BytePairEncoder encoder;
    private readonly TokenTable table;
    private readonly bool normalizes;

    private HuggingFaceTokenizer(TokenizerDefinition definition)
    {
        normalizes = definition.NormalizesToFormC;
        preTokenizer = definition.PreTokenizer;
        table = new TokenTable(definition.Vocabulary, definition.AddedTokens);
        Special = new SpecialTokens(definition.Path, definition.AddedTokens);
        var byNormalized = definition.AddedTokens.ToLookup(token => token.IsNormalized);
        tokensInRawText = new AddedTokenSplitter(byNormalized[false].Select(token => (token.Content, token)));
        tokensInNormalizedText = new AddedTokenSplitter(
            byNormalized[true].Select(token => (NormalizedText.Of(token.Content, normalizes).Text, token))
        );
        var idOfByte = new int[256];
        for (var value = 0; value < 256; value++)
        {
            idOfByte[value] = definition.Vocabulary.GetValueOrDefault(ByteLevelAlphabet.ToChar((byte)value).ToString(), -1);
        }

        encoder = new BytePairEncoder(idOfByte, definition.Merges, definition.IgnoresMerges ? WholeChunks(definition) : null);
    }

    /// <summary>The ids of the control tokens.</summary>
    public SpecialTokens Special { get; }

    /// <summary>One more than the highest id. A model's own vocabulary can be larger, and there can be gaps: see <see cref="HasToken"/>.</summary>
    public int VocabularySize => table.Size;

    /// <summary>Loads a tokenizer.</summary>
    /// <param name="tokenizerJsonPath">The file tokenizer.json.</param>
    /// <exception cref="ModelLoadException">The file cannot be read, is damaged, or would be encoded wrongly; or this process cannot
    /// normalize text although the file asks for it.</exception>
    public static HuggingFaceTokenizer Load(string tokenizerJsonPath)
    {
        ArgumentNullException.ThrowIfNull(tokenizerJsonPath);
        var definition = TokenizerJsonReader.Read(tokenizerJsonPath);
        if (definition.NormalizesToFormC)
        {
            NormalizedText.EnsureWorks(tokenizerJsonPath, static text => text.Normalize(NormalizationForm.FormC));
        }

        return new HuggingFaceTokenizer(definition);
    }

    /// <summary>Encodes a text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="parseSpecial">True for <see cref="AddedTokenParsing.All"/>, false for <see cref="AddedTokenParsing.ExceptSpecial"/>.
    /// What a user wrote is encoded with <see cref="AddedTokenParsing.None"/>.</param>
    /// <returns>Ids [T].</returns>
    public int[] Encode(string text, bool parseSpecial) => Encode(text, Parsing(parseSpecial));

    /// <summary>Encodes a text.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="parsing">Which added tokens are recognised.</param>
    /// <returns>Ids [T].</returns>
    public int[] Encode(string text, AddedTokenParsing parsing)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>(text.Length / 3);
        Encode(text, parsing, ids, null);
        return [.. ids];
    }

    /// <summary>Encodes a text and tells where each token lies in it.</summary>
    /// <param name="text">Any text; offsets count its UTF-16 code units.</param>
    /// <param name="parseSpecial">As for <see cref="Encode(string, bool)"/>.</param>
    public TokenizedText EncodeWithOffsets(string text, bool parseSpecial) => EncodeWithOffsets(text, Parsing(parseSpecial));

    /// <summary>Encodes a text and tells where each token lies in it.</summary>
    /// <param name="text">Any text; offsets count its UTF-16 code units.</param>
    /// <param name="parsing">Which added tokens are recognised.</param>
    public TokenizedText EncodeWithOffsets(string text, AddedTokenParsing parsing)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (ids, ends) = (new List<int>(text.Length / 3), new List<int>(text.Length / 3));
        Encode(text, parsing, ids, ends);
        return new TokenizedText([.. ids], new OffsetMap([.. ends]));
    }

    /// <summary>Decodes ids. Bytes that are no UTF-8 become U+FFFD; an id without a token stands for nothing.</summary>
    /// <param name="ids">Ids [T].</param>
    /// <param name="skipSpecial">Whether control tokens are left out.</param>
    public string Decode(IReadOnlyList<int> ids, bool skipSpecial = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var bytes = new ArrayBufferWriter<byte>(Math.Max(1, ids.Count * 4));
        foreach (var id in ids)
        {
            if (!skipSpecial || !IsSpecial(id))
            {
                bytes.Write(table.Bytes(id).Span);
            }
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>The bytes a token stands for: often not a whole character. An added token's are its content in UTF-8.</summary>
    public ReadOnlyMemory<byte> TokenBytes(int id) => table.Bytes(id);

    /// <summary>Whether an id has a token, in the vocabulary or among the added ones. A model must never choose one that has not.</summary>
    public bool HasToken(int id) => table.Has(id);

    /// <summary>Whether an id is a control token (<c>"special": true</c>).</summary>
    public bool IsSpecial(int id) => table.IsSpecial(id);

    /// <summary>Cuts a text that this program wrote into added tokens and the text between them, which has no id; together the whole text.</summary>
    internal IEnumerable<(string Text, int? Id)> CutAddedTokens(string text)
    {
        foreach (var piece in tokensInRawText.Split(text, AddedTokenParsing.All))
        {
            var part = text.Substring(piece.Span.Start, piece.Span.Length);
            var inner = piece.Token is null ? tokensInNormalizedText.Split(part, AddedTokenParsing.All) : [];
            if (piece.Token is not null)
            {
                yield return (part, piece.Token.Id);
            }

            foreach (var token in inner)
            {
                yield return (part.Substring(token.Span.Start, token.Span.Length), token.Token?.Id);
            }
        }
    }

    private static AddedTokenParsing Parsing(bool parseSpecial) => parseSpecial ? AddedTokenParsing.All : AddedTokenParsing.ExceptSpecial;

    private static Dictionary<string, int> WholeChunks(TokenizerDefinition definition)
    {
        // Added tokens have been cut out by now where they count; what is left of their text is text.
        var chunks = new Dictionary<string, int>(definition.Vocabulary, StringComparer.Ordinal);
        foreach (var token in definition.AddedTokens)
        {
            chunks.Remove(token.Content);
        }

        return chunks;
    }

    private void Encode(string text, AddedTokenParsing parsing, List<int> ids, List<int>? ends)
    {
        var wellFormed = UnpairedSurrogates.Replace(text);
        foreach (var piece in tokensInRawText.Split(wellFormed, parsing))
        {
            if (piece.Token is { } token)
            {
                ids.Add(token.Id);
                ends?.Add(piece.Span.End);
            }
            else
            {
                var normalized = NormalizedText.Of(wellFormed.Substring(piece.Span.Start, piece.Span.Length), normalizes);
                EncodeNormalized(normalized, piece.Span.Start, parsing, ids, ends);
            }
        }
    }

    private void EncodeNormalized(NormalizedText text, int offset, AddedTokenParsing parsing, List<int> ids, List<int>? ends)
    {
        foreach (var piece in tokensInNormalizedText.Split(text.Text, parsing))
        {
            if (piece.Token is { } token)
            {
                ids.Add(token.Id);
                ends?.Add(offset + text.ToOriginal(piece.Span.End));
                continue;
            }

            var chunks = new List<Utf16Span>(piece.Span.Length / 4);
            preTokenizer.Split(text.Text.AsSpan(piece.Span.Start, piece.Span.Length), chunks);
            foreach (var chunk in chunks)
            {
                var start = piece.Span.Start + chunk.Start;
                var characters = text.Text.AsSpan(start, chunk.Length);
                var chunkIds = encoder.Encode(characters);
                ids.AddRange(chunkIds);
                if (ends is not null)
                {
                    AddEnds(chunkIds, characters, position => offset + text.ToOriginal(start + position), ends);
                }
            }
        }
    }

    /// <summary>Finds after how many UTF-16 units of a chunk each of its tokens ends; inside a character that is before the character.</summary>
    private void AddEnds(ReadOnlySpan<int> ids, ReadOnlySpan<char> chunk, Func<int, int> toOriginal, List<int> ends)
    {
        var (position, bytesRead, bytesWanted) = (0, 0, 0);
        foreach (var id in ids)
        {
            bytesWanted += table.Bytes(id).Length;
            while (position < chunk.Length)
            {
                Rune.DecodeFromUtf16(chunk[position..], out var rune, out var length);
                if (bytesRead + rune.Utf8SequenceLength > bytesWanted)
                {
                    break;
                }

                bytesRead += rune.Utf8SequenceLength;
                position += length;
            }

            ends.Add(toOriginal(position));
        }
    }
}
