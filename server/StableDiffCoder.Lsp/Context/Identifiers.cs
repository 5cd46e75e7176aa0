using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Context;

/// <summary>The words of a piece of code, and how alike two pieces are by them.</summary>
internal static class Identifiers
{
    private const int Shortest = 3;

    private static readonly HashSet<string> Common =
    [
        .. (
            "abstract and async await base bool break byte case catch char class const continue def default delegate double else elif end enum "
            + "export extends false finally float for foreach from func function get global goto has if implements import in int interface internal "
            + "is let lock long match namespace new nil none not null object operator out override package params partial pass private protected "
            + "public readonly record ref return sbyte sealed self set short static string struct super switch this throw throws true try type "
            + "typeof uint ulong unchecked undefined use ushort using value var virtual void when where while with yield"
        ).Split(' '),
    ];

    /// <summary>Whether a word is one of a language's own, which say nothing of what a piece is about.</summary>
    public static bool IsCommon(string word) => Common.Contains(word);

    /// <summary>The distinct words of at least three characters that are not a language's own.</summary>
    public static HashSet<string> Of(ReadOnlySpan<char> text)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach ((int start, int length) in Words(text))
        {
            ReadOnlySpan<char> word = text.Slice(start, length);
            if (length >= Shortest && !char.IsDigit(word[0]) && !Common.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word))
            {
                found.GetAlternateLookup<ReadOnlySpan<char>>().Add(word);
            }
        }
        return found;
    }

    /// <summary>Where the words of a text are.</summary>
    public static List<(int Start, int Length)> Words(ReadOnlySpan<char> text)
    {
        var words = new List<(int, int)>();
        for (int at = 0; at < text.Length; )
        {
            int start = at;
            while (at < text.Length && WordCharacters.IsWord(text[at]))
            {
                at++;
            }
            if (at > start)
            {
                words.Add((start, at - start));
            }
            else
            {
                at++;
            }
        }
        return words;
    }

    /// <summary>Jaccard: words that both have, divided by words that either has; 0 for two empty sets.</summary>
    public static double Similarity(IReadOnlySet<string> one, IReadOnlySet<string> other)
    {
        IReadOnlySet<string> few = one.Count < other.Count ? one : other;
        IReadOnlySet<string> many = ReferenceEquals(few, one) ? other : one;
        int both = few.Count(many.Contains);
        int either = one.Count + other.Count - both;
        return either == 0 ? 0 : (double)both / either;
    }
}
