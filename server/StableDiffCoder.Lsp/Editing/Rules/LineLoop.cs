using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Editing.Rules;

/// <summary>A piece of a line said again and again until the text ends: <c>a.b.a.b.a.b.a.b</c>.</summary>
internal static class LineLoop
{
    private const int LongestPiece = 48;
    private const int LeastTimes = 4;
    private const int LeastLetters = 4;

    /// <summary>The text with one such piece left; the text itself when its last line has no loop.</summary>
    public static string Cut(string text)
    {
        int start = text.AsSpan().LastIndexOfAny('\r', '\n') + 1;
        for (int period = LeastLetters; period <= LongestPiece && start + (LeastTimes * period) <= text.Length; period++)
        {
            int end = text.Length;
            while (end - 1 - period >= start && text[end - 1] == text[end - 1 - period])
            {
                end--;
            }
            // From here on every character is the one a period before.
            int first = end - period;
            if (text.Length - first >= LeastTimes * period && WordCharacters.Count(text.AsSpan(first, period)) >= LeastLetters)
            {
                return text[..WordEnd(text, end)];
            }
        }
        return text;
    }

    // The piece that stays does not end in the middle of a word, if the loop has words, nor of a character.
    private static int WordEnd(string text, int end)
    {
        int wordEnd = end;
        while (wordEnd < text.Length && WordCharacters.EndsWord(text.AsSpan(0, wordEnd)) && WordCharacters.StartsWord(text.AsSpan(wordEnd)))
        {
            wordEnd++;
        }
        end = wordEnd == text.Length ? end : wordEnd;
        return char.IsLowSurrogate(text[end]) ? end + 1 : end;
    }
}
