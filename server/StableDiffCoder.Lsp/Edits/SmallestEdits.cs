using DiffPlex;
using DiffPlex.Model;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Lsp.Edits;

/// <summary>A piece of a text and what takes its place.</summary>
/// <param name="Span">The piece; empty for an insertion.</param>
/// <param name="NewText">The new text; empty for a deletion.</param>
internal readonly record struct Replacement(TextSpan Span, string NewText);

/// <summary>
/// Reduces a new text of a span to what really changes, so that cursors, breakpoints and folds of the rest stay where they are: the lines that
/// differ, and of these the words, as long as enough of a line is kept that its pieces are worth telling apart.
/// </summary>
internal static class SmallestEdits
{
    private const double WorthTellingApart = 0.5;

    /// <summary>Finds the edits.</summary>
    /// <param name="text">The document.</param>
    /// <param name="span">What the new text stands for.</param>
    /// <param name="newText">The new text.</param>
    /// <returns>In the document's order, apart from each other; none when nothing changes.</returns>
    public static IReadOnlyList<Replacement> Of(string text, TextSpan span, string newText)
    {
        string old = text.Substring(span.Start, span.Length);
        if (old == newText)
        {
            return [];
        }
        var edits = new List<Replacement>();
        foreach (Replacement lines in Differences(old, newText, TextPieces.Lines).Edits)
        {
            string oldLines = old.Substring(lines.Span.Start, lines.Span.Length);
            (List<Replacement> words, double kept) = Differences(oldLines, lines.NewText, TextPieces.Words);
            IEnumerable<Replacement> finer = kept >= WorthTellingApart ? words : [Trimmed(oldLines, lines.NewText)];
            int offset = span.Start + lines.Span.Start;
            edits.AddRange(finer.Select(edit => edit with { Span = edit.Span with { Start = edit.Span.Start + offset } }));
        }
        return edits;
    }

    // The blocks of pieces that differ, and which share of the longer text's characters, blanks not counted, is kept.
    private static (List<Replacement> Edits, double Kept) Differences(string old, string newText, TextPieces pieces)
    {
        DiffResult diff = Differ.Instance.CreateDiffs(old, newText, ignoreWhiteSpace: false, ignoreCase: false, pieces);
        int[] oldStarts = Starts(diff.PiecesOld);
        int[] newStarts = Starts(diff.PiecesNew);
        var edits = new List<Replacement>(diff.DiffBlocks.Count);
        int deleted = 0;
        foreach (DiffBlock block in diff.DiffBlocks)
        {
            int start = oldStarts[block.DeleteStartA];
            int end = oldStarts[block.DeleteStartA + block.DeleteCountA];
            int newStart = newStarts[block.InsertStartB];
            int newEnd = newStarts[block.InsertStartB + block.InsertCountB];
            edits.Add(new Replacement(new TextSpan(start, end - start), newText[newStart..newEnd]));
            deleted += Visible(old.AsSpan(start, end - start));
        }
        int longer = Math.Max(Visible(old), Visible(newText));
        return (edits, longer == 0 ? 1 : (double)(Visible(old) - deleted) / longer);
    }

    private static int[] Starts(IReadOnlyList<string> pieces)
    {
        var starts = new int[pieces.Count + 1];
        for (int i = 0; i < pieces.Count; i++)
        {
            starts[i + 1] = starts[i] + pieces[i].Length;
        }
        return starts;
    }

    private static int Visible(ReadOnlySpan<char> text)
    {
        int count = 0;
        foreach (char symbol in text)
        {
            count += char.IsWhiteSpace(symbol) ? 0 : 1;
        }
        return count;
    }

    // Without the words that both begin and end with.
    private static Replacement Trimmed(string old, string newText)
    {
        IReadOnlyList<string> before = TextPieces.Words.Chunk(old);
        IReadOnlyList<string> after = TextPieces.Words.Chunk(newText);
        int most = Math.Min(before.Count, after.Count);
        int head = 0;
        while (head < most && before[head] == after[head])
        {
            head++;
        }
        int tail = 0;
        while (tail < most - head && before[^(tail + 1)] == after[^(tail + 1)])
        {
            tail++;
        }
        int start = before.Take(head).Sum(piece => piece.Length);
        int end = before.TakeLast(tail).Sum(piece => piece.Length);
        return new Replacement(new TextSpan(start, old.Length - start - end), newText[start..^end]);
    }
}
