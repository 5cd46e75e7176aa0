namespace StableDiffCoder.Lsp.Context;

/// <summary>Chooses among candidates: the most promising first, none that says what another said, within a length.</summary>
internal static class SnippetRanking
{
    private const double NearDuplicate = 0.7; // this share of the shorter one's lines

    /// <summary>Chooses.</summary>
    /// <param name="candidates">In any order.</param>
    /// <param name="known">Text that the model sees anyway.</param>
    /// <param name="length">Characters after which it is enough.</param>
    public static IReadOnlyList<SnippetCandidate> Choose(IEnumerable<SnippetCandidate> candidates, string known, int length)
    {
        var chosen = new List<SnippetCandidate>();
        var seen = new List<HashSet<string>> { LinesOf(known) };
        IEnumerable<SnippetCandidate> ordered = candidates
            .OrderByDescending(candidate => candidate.Score)
            .ThenBy(candidate => candidate.File, StringComparer.Ordinal)
            .ThenBy(candidate => candidate.Text, StringComparer.Ordinal);
        foreach (SnippetCandidate candidate in ordered)
        {
            if (length <= 0)
            {
                break;
            }
            HashSet<string> lines = LinesOf(candidate.Text);
            if (lines.Count > 0 && !seen.Exists(other => IsNearDuplicate(lines, other)))
            {
                chosen.Add(candidate);
                seen.Add(lines);
                length -= candidate.Text.Length;
            }
        }
        return chosen;
    }

    private static bool IsNearDuplicate(HashSet<string> lines, HashSet<string> other)
    {
        int both = lines.Count(other.Contains);
        return both >= NearDuplicate * Math.Min(lines.Count, Math.Max(1, other.Count));
    }

    // Lines that any text has say nothing.
    private static HashSet<string> LinesOf(string text)
    {
        var lines = new HashSet<string>(StringComparer.Ordinal);
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> bare = line.Trim();
            if (bare.Length > 2)
            {
                lines.Add(bare.ToString());
            }
        }
        return lines;
    }
}
