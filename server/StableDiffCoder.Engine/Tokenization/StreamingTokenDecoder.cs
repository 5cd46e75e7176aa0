using System.Text;

namespace StableDiffCoder.Engine.Tokenization;

/// <summary>
/// Decodes tokens one by one. A character whose bytes are spread over several tokens comes out whole with the last of them. All that
/// <see cref="Append"/> and the final <see cref="Flush"/> return is, put together, what <see cref="HuggingFaceTokenizer.Decode"/> returns.
/// </summary>
/// <param name="tokenizer">The tokenizer that the ids belong to.</param>
/// <param name="skipSpecial">Whether control tokens are left out.</param>
public sealed class StreamingTokenDecoder(HuggingFaceTokenizer tokenizer, bool skipSpecial = false)
{
    private readonly Decoder decoder = Encoding.UTF8.GetDecoder();

    /// <summary>The characters that are complete with this token; an empty string where there are none.</summary>
    public string Append(int id) => skipSpecial && tokenizer.IsSpecial(id) ? "" : Read(tokenizer.TokenBytes(id).Span, flush: false);

    /// <summary>Ends the text: U+FFFD where the last tokens left a character incomplete, else an empty string. Ready for the next text.</summary>
    public string Flush() => Read([], flush: true);

    private string Read(ReadOnlySpan<byte> bytes, bool flush)
    {
        var characters = new char[decoder.GetCharCount(bytes, flush)];
        var count = decoder.GetChars(bytes, characters, flush);
        return new string(characters, 0, count);
    }
}
