using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Editing;
using StableDiffCoder.Lsp.Editing.Rules;

namespace StableDiffCoder.Lsp.Completions;

/// <summary>How far a document has come on the way to what a suggestion would make of it.</summary>
/// <param name="Typed">Characters of the suggestion that stand in the document.</param>
/// <param name="Behind">Characters behind these that the rest of the suggestion takes up: closing signs.</param>
internal readonly record struct TypedThrough(int Typed, int Behind)
{
    // Closing signs that an editor may have put behind the cursor meanwhile.
    private const int MostBehind = 16;

    /// <summary>Compares two versions.</summary>
    /// <param name="before">The document that the suggestion was made for.</param>
    /// <param name="offered">The suggestion.</param>
    /// <param name="now">The document.</param>
    /// <param name="cursor">Offset in it up to which the suggestion is typed.</param>
    /// <returns>Null when it is another document, or when nothing is left of the suggestion.</returns>
    public static TypedThrough? At(string before, CompletionCandidate offered, string now, int cursor)
    {
        TextSpan range = offered.Range;
        int tail = before.Length - range.End;
        int typed = cursor - range.Start;
        int behind = now.Length - cursor - tail;
        bool isPlausible = typed >= 0 && typed < offered.NewText.Length && behind is >= 0 and <= MostBehind;
        if (
            !isPlausible
            || !now.AsSpan(range.Start, typed).SequenceEqual(offered.NewText.AsSpan(0, typed))
            || !MayStandBehind(before, offered, now.AsSpan(cursor, behind), typed)
        )
        {
            return null;
        }
        return HasSurroundings(before, range, now) ? new TypedThrough(typed, behind) : null;
    }

    /// <summary>Whether a document is on the way to what a suggestion would make of it, wherever its cursor is.</summary>
    public static bool IsUnderWay(string before, CompletionCandidate offered, string now)
    {
        int end = now.Length - (before.Length - offered.Range.End);
        for (int behind = 0; behind <= MostBehind; behind++)
        {
            if (end - behind >= 0 && At(before, offered, now, end - behind) is not null)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Whether a document has the whole suggestion, and perhaps more behind it.</summary>
    public static bool IsDone(string before, CompletionCandidate offered, string now)
    {
        TextSpan range = offered.Range;
        int length = range.Start + offered.NewText.Length + before.Length - range.End;
        return now.Length >= length && now.AsSpan(range.Start).StartsWith(offered.NewText) && HasSurroundings(before, range, now);
    }

    private static bool HasSurroundings(string before, TextSpan range, string now) =>
        now.AsSpan().StartsWith(before.AsSpan(0, range.Start)) && now.AsSpan().EndsWith(before.AsSpan(range.End));

    // What stood there when it was offered, or closing signs; and the rest of the suggestion brings them along.
    private static bool MayStandBehind(string before, CompletionCandidate offered, ReadOnlySpan<char> behind, int typed)
    {
        if (behind.IsEmpty)
        {
            return true;
        }
        ReadOnlySpan<char> rest = offered.NewText.AsSpan(typed);
        int lineBreak = rest.IndexOfAny('\r', '\n');
        ReadOnlySpan<char> replaced = before.AsSpan(offered.Range.Start, offered.Range.Length);
        return !behind.ContainsAny('\r', '\n')
            && (replaced.EndsWith(behind) || Absorption.IsClosing(behind))
            && KeepsReplacedTextRule.IsSubword(behind, lineBreak < 0 ? rest : rest[..lineBreak]);
    }
}
