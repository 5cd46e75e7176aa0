using DiffPlex;
using DiffPlex.Model;

namespace StableDiffCoder.Cli.Infilling;

/// <summary>Kinds of lines in a unified diff.</summary>
internal enum DiffLineKind
{
    /// <summary>A file's name.</summary>
    File,

    /// <summary>Where a hunk is.</summary>
    Hunk,

    /// <summary>In both texts.</summary>
    Context,

    /// <summary>In the old text only.</summary>
    Deleted,

    /// <summary>In the new text only.</summary>
    Inserted,

    /// <summary>"\ No newline at end of file".</summary>
    Note,
}

/// <summary>A line of a unified diff.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The whole line with its first character, without the final LF (a CR before it is kept).</param>
internal readonly record struct DiffLine(DiffLineKind Kind, string Text);

/// <summary>The unified diff of two texts, such that <c>patch</c> and <c>git apply</c> turn the one into the other.</summary>
internal static class UnifiedDiff
{
    private const int ContextLines = 3;

    /// <summary>The diff, empty when the texts are equal.</summary>
    public static IEnumerable<DiffLine> Lines(string path, string oldText, string newText)
    {
        DiffResult diff = Differ.Instance.CreateDiffs(oldText, newText, false, false, LineFeedChunker.Instance);
        if (diff.DiffBlocks.Count == 0)
        {
            yield break;
        }
        string name = path.Replace('\\', '/').TrimStart('/');
        yield return new DiffLine(DiffLineKind.File, $"--- a/{name}");
        yield return new DiffLine(DiffLineKind.File, $"+++ b/{name}");
        foreach (List<DiffBlock> hunk in Hunks(diff.DiffBlocks))
        {
            foreach (DiffLine line in HunkLines(hunk, diff))
            {
                yield return line;
            }
        }
    }

    // Changes with no more than two contexts between them share a hunk.
    private static IEnumerable<List<DiffBlock>> Hunks(IList<DiffBlock> blocks)
    {
        List<DiffBlock> hunk = [];
        foreach (DiffBlock block in blocks)
        {
            if (hunk.Count > 0 && block.DeleteStartA - (hunk[^1].DeleteStartA + hunk[^1].DeleteCountA) > 2 * ContextLines)
            {
                yield return hunk;
                hunk = [];
            }
            hunk.Add(block);
        }
        yield return hunk;
    }

    private static IEnumerable<DiffLine> HunkLines(List<DiffBlock> hunk, DiffResult diff)
    {
        DiffBlock last = hunk[^1];
        int start = Math.Max(0, hunk[0].DeleteStartA - ContextLines);
        int end = Math.Min(diff.PiecesOld.Count, last.DeleteStartA + last.DeleteCountA + ContextLines);
        int newStart = start + hunk[0].InsertStartB - hunk[0].DeleteStartA;
        int newCount = end - start + hunk.Sum(block => block.InsertCountB - block.DeleteCountA);
        yield return new DiffLine(DiffLineKind.Hunk, $"@@ -{Range(start, end - start)} +{Range(newStart, newCount)} @@");
        int position = start;
        foreach (DiffBlock block in hunk)
        {
            IEnumerable<DiffLine> lines =
            [
                .. Run(DiffLineKind.Context, ' ', diff.PiecesOld, position, block.DeleteStartA - position),
                .. Run(DiffLineKind.Deleted, '-', diff.PiecesOld, block.DeleteStartA, block.DeleteCountA),
                .. Run(DiffLineKind.Inserted, '+', diff.PiecesNew, block.InsertStartB, block.InsertCountB),
            ];
            foreach (DiffLine line in lines)
            {
                yield return line;
            }
            position = block.DeleteStartA + block.DeleteCountA;
        }
        foreach (DiffLine line in Run(DiffLineKind.Context, ' ', diff.PiecesOld, position, end - position))
        {
            yield return line;
        }
    }

    // An empty range names the line before it.
    private static string Range(int start, int count) => $"{(count == 0 ? start : start + 1)},{count}";

    private static IEnumerable<DiffLine> Run(DiffLineKind kind, char mark, IReadOnlyList<string> pieces, int start, int count)
    {
        for (int i = start; i < start + count; i++)
        {
            bool ended = pieces[i].EndsWith('\n');
            yield return new DiffLine(kind, mark + (ended ? pieces[i][..^1] : pieces[i]));
            if (!ended)
            {
                yield return new DiffLine(DiffLineKind.Note, "\\ No newline at end of file");
            }
        }
    }

    /// <summary>Cuts behind each LF, as patch does; every piece keeps its line end.</summary>
    private sealed class LineFeedChunker : IChunker
    {
        public static LineFeedChunker Instance { get; } = new();

        public IReadOnlyList<string> Chunk(string text)
        {
            List<string> pieces = [];
            for (int start = 0; start < text.Length; )
            {
                int newline = text.IndexOf('\n', start);
                int end = newline < 0 ? text.Length : newline + 1;
                pieces.Add(text[start..end]);
                start = end;
            }
            return pieces;
        }
    }
}
