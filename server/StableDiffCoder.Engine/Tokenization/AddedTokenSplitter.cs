using System.Buffers;
using System.Globalization;
using System.Text;

namespace StableDiffCoder.Engine.Tokenization;

/// <summary>
/// Finds added tokens in a text: of the matches the leftmost, and of those at one place the longest; then on from its end. Source:
/// <c>AddedVocabulary</c> of Hugging Face's tokenizers.
/// </summary>
internal sealed class AddedTokenSplitter
{
    private readonly SearchValues<string>? contents;
    private readonly Dictionary<char, (string Content, AddedToken Token)[]> tokensByFirst;

    /// <param name="tokens">What to find, and the token each stands for.</param>
    public AddedTokenSplitter(IEnumerable<(string Content, AddedToken Token)> tokens)
    {
        var all = tokens.ToArray();
        contents = all.Length == 0 ? null : SearchValues.Create([.. all.Select(entry => entry.Content)], StringComparison.Ordinal);
        tokensByFirst = all.GroupBy(entry => entry.Content[0])
            .ToDictionary(group => group.Key, group => group.OrderByDescending(entry => entry.Content.Length).ToArray());
    }

    /// <summary>A stretch of the text; <paramref name="Token"/> is null for plain text.</summary>
    public readonly record struct Piece(Utf16Span Span, AddedToken? Token);

    /// <summary>Cuts a text into added tokens and the text between them, in order, none empty, together the whole text.</summary>
    public List<Piece> Split(ReadOnlySpan<char> text, AddedTokenParsing parsing)
    {
        var pieces = new List<Piece>();
        var done = 0;
        for (var from = 0; parsing != AddedTokenParsing.None && TryFind(text, from, out var start, out var length, out var token); )
        {
            // A match that does not count still uses up its text: a shorter token inside of it is not looked for.
            from = start + length;
            var plain = token.IsSpecial && parsing == AddedTokenParsing.ExceptSpecial;
            if (plain || (token.IsSingleWord && TouchesWord(text, start, from)))
            {
                continue;
            }

            start = token.StripsLeft ? Math.Max(done, text[..start].TrimEnd().Length) : start;
            var end = token.StripsRight ? text.Length - text[from..].TrimStart().Length : from;
            AddText(pieces, done, start);
            pieces.Add(new Piece(new Utf16Span(start, end - start), token));
            done = end;
        }

        AddText(pieces, done, text.Length);
        return pieces;
    }

    private static void AddText(List<Piece> pieces, int start, int end)
    {
        if (end > start)
        {
            pieces.Add(new Piece(new Utf16Span(start, end - start), null));
        }
    }

    private bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length, out AddedToken token)
    {
        var found = contents is null ? -1 : text[from..].IndexOfAny(contents);
        start = from + found;
        if (found >= 0)
        {
            foreach (var entry in tokensByFirst[text[start]])
            {
                if (text[start..].StartsWith(entry.Content, StringComparison.Ordinal))
                {
                    (length, token) = (entry.Content.Length, entry.Token);
                    return true;
                }
            }
        }

        (length, token) = (0, null!);
        return false;
    }

    private static bool TouchesWord(ReadOnlySpan<char> text, int start, int end)
    {
        var before = Rune.DecodeLastFromUtf16(text[..start], out var left, out _) == OperationStatus.Done && IsWord(left);
        return before || (Rune.DecodeFromUtf16(text[end..], out var right, out _) == OperationStatus.Done && IsWord(right));
    }

    /// <summary><c>\w</c> of Unicode's TR 18: alphabetic, mark, decimal digit, connector, joiner.</summary>
    private static bool IsWord(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.UppercaseLetter
                or UnicodeCategory.LowercaseLetter
                or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter
                or UnicodeCategory.LetterNumber
                or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.EnclosingMark
                or UnicodeCategory.DecimalDigitNumber
                or UnicodeCategory.ConnectorPunctuation
        || rune.Value
            is 0x200C
                or 0x200D
                or (>= 0x24B6 and <= 0x24E9)
                or (>= 0x1F130 and <= 0x1F149)
                or (>= 0x1F150 and <= 0x1F169)
                or (>= 0x1F170 and <= 0x1F189);
}
