using System.Text;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Tests.Tokenization;

/// <summary>What holds for every tokenizer and every text.</summary>
internal static class TokenizerProperties
{
    private static readonly AddedTokenParsing[] Parsings = Enum.GetValues<AddedTokenParsing>();

    /// <summary>Text as UTF-8 can carry it: unpaired surrogates replaced. Written on purpose in another way than the tokenizer's.</summary>
    public static string WellFormed(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    /// <summary>Form C; .NET's own refuses the noncharacter U+FFFE, which neither changes nor combines.</summary>
    public static string FormC(string text) =>
        string.Join('\uFFFE', text.Split('\uFFFE').Select(part => part.Normalize(NormalizationForm.FormC)));

    public static void DecodesToFormC(HuggingFaceTokenizer tokenizer, string text)
    {
        var expected = FormC(WellFormed(text));

        Assert.Equal(expected, tokenizer.Decode(tokenizer.Encode(text, AddedTokenParsing.None)));
        foreach (var parsing in Parsings)
        {
            // An added token keeps marks behind it from composing with it: equal up to normalization then.
            var decoded = tokenizer.Decode(tokenizer.Encode(text, parsing));
            Assert.Equal(expected, FormC(decoded));
        }
    }

    public static void OffsetsCover(HuggingFaceTokenizer tokenizer, string text)
    {
        foreach (var parsing in Parsings)
        {
            var tokenized = tokenizer.EncodeWithOffsets(text, parsing);
            Assert.Equal(tokenizer.Encode(text, parsing), tokenized.Ids);
            Assert.Equal(tokenized.Ids.Length, tokenized.OffsetMap.Count);
            var end = 0;
            for (var token = 0; token < tokenized.Ids.Length; token++)
            {
                var span = tokenized.OffsetMap[token];
                Assert.Equal(end, span.Start);
                Assert.True(span.Length >= 0);
                end = span.End;
                Assert.False(end > 0 && end < text.Length && char.IsSurrogatePair(text[end - 1], text[end]));
            }

            Assert.Equal(text.Length, end);
        }
    }

    /// <summary>Where a text needs no normalization, what the first tokens decode to ends where their spans end.</summary>
    public static void OffsetsMatchDecoding(HuggingFaceTokenizer tokenizer, string text)
    {
        var stable = FormC(WellFormed(text));
        var tokenized = tokenizer.EncodeWithOffsets(stable, AddedTokenParsing.None);
        var streaming = new StreamingTokenDecoder(tokenizer);
        for (var token = 0; token < tokenized.Ids.Length; token++)
        {
            var span = tokenized.OffsetMap[token];
            Assert.Equal(stable.Substring(span.Start, span.Length), streaming.Append(tokenized.Ids[token]));
        }

        Assert.Equal("", streaming.Flush());
    }
}
