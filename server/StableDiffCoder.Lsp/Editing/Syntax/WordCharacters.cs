using System.Text;

namespace StableDiffCoder.Lsp.Editing.Syntax;

/// <summary>What belongs to a word, in any script.</summary>
internal static class WordCharacters
{
    /// <summary>Letters, digits and the underscore.</summary>
    public static bool IsWord(char symbol) => symbol == '_' || char.IsLetterOrDigit(symbol);

    /// <summary>Whether the character that ends before an offset belongs to a word; characters beyond the BMP are read whole.</summary>
    public static bool EndsWord(ReadOnlySpan<char> text) =>
        Rune.DecodeLastFromUtf16(text, out Rune last, out _) == System.Buffers.OperationStatus.Done && IsWord(last);

    /// <summary>Whether a text begins with a character of a word.</summary>
    public static bool StartsWord(ReadOnlySpan<char> text) =>
        Rune.DecodeFromUtf16(text, out Rune first, out _) == System.Buffers.OperationStatus.Done && IsWord(first);

    /// <summary>Letters and digits in a text: what tells one line from another.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (char symbol in text)
        {
            count += char.IsLetterOrDigit(symbol) ? 1 : 0;
        }
        return count;
    }

    private static bool IsWord(Rune rune) => rune.Value == '_' || Rune.IsLetterOrDigit(rune);
}
