using System.Globalization;
using System.Text;

namespace StableDiffCoder.Engine.Tokenization;

/// <summary>
/// .NET's regular expressions see UTF-16 units, in which a character beyond the BMP is two surrogates and no letter or digit. Before
/// matching, each such character is replaced by one BMP character of the same general category that the pattern does not name itself, so
/// that a pattern made of categories cannot tell the two apart.
/// </summary>
internal sealed class SupplementaryStandIns
{
    private readonly char[] standInOfCategory = new char[30];

    /// <param name="namedRanges">Characters that the patterns name one by one or as ranges: no stand-in is taken from these.</param>
    public SupplementaryStandIns(IEnumerable<(char First, char Last)> namedRanges)
    {
        var named = namedRanges.ToArray();
        // Downward, as patterns name common characters and these have low codes. Surrogates have a category of their own.
        for (var code = 0xFFFF; code > 0; code--)
        {
            ref var standIn = ref standInOfCategory[(int)CharUnicodeInfo.GetUnicodeCategory((char)code)];
            if (standIn == 0 && !named.Any(range => code >= range.First && code <= range.Last))
            {
                standIn = (char)code;
            }
        }
    }

    /// <summary>Replaces each surrogate pair by one stand-in, and a lone surrogate as the replacement character's category.</summary>
    /// <param name="text">Text of n characters.</param>
    /// <param name="positions">Where each character of the result starts in the text; n + 1 numbers, the last the text's length.</param>
    public ReadOnlySpan<char> Replace(ReadOnlySpan<char> text, out int[] positions)
    {
        var result = new char[text.Length];
        positions = new int[text.Length + 1];
        var count = 0;
        for (var index = 0; index < text.Length; count++)
        {
            positions[count] = index;
            if (!char.IsSurrogate(text[index]))
            {
                result[count] = text[index++];
                continue;
            }

            Rune.DecodeFromUtf16(text[index..], out var rune, out var consumed);
            result[count] = standInOfCategory[(int)Rune.GetUnicodeCategory(rune)];
            index += consumed;
        }

        positions[count] = text.Length;
        return result.AsSpan(0, count);
    }
}
