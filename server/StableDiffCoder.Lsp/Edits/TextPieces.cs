using DiffPlex;

namespace StableDiffCoder.Lsp.Edits;

/// <summary>Cuts a text into pieces that are compared whole; joined they are the text again.</summary>
internal sealed class TextPieces : IChunker
{
    private readonly Func<string, int, int> length;

    private TextPieces(Func<string, int, int> length) => this.length = length;

    /// <value>Lines with their breaks.</value>
    public static TextPieces Lines { get; } = new(LineLength);

    /// <value>Words, runs of blanks, line breaks, and every other character for itself.</value>
    public static TextPieces Words { get; } = new(WordLength);

    /// <inheritdoc/>
    public IReadOnlyList<string> Chunk(string text)
    {
        var pieces = new List<string>();
        for (int start = 0; start < text.Length; start += pieces[^1].Length)
        {
            pieces.Add(text.Substring(start, length(text, start)));
        }
        return pieces;
    }

    private static int LineLength(string text, int start)
    {
        int found = text.AsSpan(start).IndexOfAny('\r', '\n');
        return found < 0 ? text.Length - start : found + BreakLength(text, start + found);
    }

    private static int WordLength(string text, int start)
    {
        if (text[start] is '\r' or '\n')
        {
            return BreakLength(text, start);
        }
        int end = start;
        if (IsWord(text[start]))
        {
            while (end < text.Length && IsWord(text[end]))
            {
                end++;
            }
            return end - start;
        }
        if (text[start] is ' ' or '\t')
        {
            while (end < text.Length && text[end] is ' ' or '\t')
            {
                end++;
            }
            return end - start;
        }
        return start + 1 < text.Length && char.IsSurrogatePair(text[start], text[start + 1]) ? 2 : 1;
    }

    private static int BreakLength(string text, int at) => text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 2 : 1;

    private static bool IsWord(char symbol) => char.IsLetterOrDigit(symbol) || symbol == '_';
}
