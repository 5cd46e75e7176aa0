using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Lsp.Completions;

/// <summary>
/// The texts that a model wrote for one place, as a tree of tokens, and where to branch off for another: at the position whose chosen tokens
/// leave the most probability to others. What stands before it is kept, so a branch costs only what comes after.
/// </summary>
internal sealed class CandidateTree
{
    // A position where the model was this sure has no second answer worth reading.
    private const double LeastLeft = 0.02;

    private readonly Dictionary<string, Fork> forks = new(StringComparer.Ordinal);

    /// <summary>Adds a text.</summary>
    /// <param name="choices">Its tokens.</param>
    /// <param name="length">Positions that count, from the start: those that can be seen.</param>
    public void Add(IReadOnlyList<TokenChoice> choices, int length)
    {
        TokenChoice[] text = [.. choices];
        for (int position = 0; position < Math.Min(length, text.Length); position++)
        {
            string key = KeyOf(text, position);
            if (!forks.TryGetValue(key, out Fork? fork))
            {
                forks.Add(key, fork = new Fork(text, position));
            }
            fork.Chosen.TryAdd(text[position].Id, text[position].Confidence);
        }
    }

    /// <summary>What asks for the next text; null when no position leaves enough. The same is never given twice.</summary>
    /// <param name="whatever">Whether any text is welcome, however sure the model was of its first.</param>
    public InfillBranch? Next(bool whatever = false)
    {
        Fork? best = forks
            .Values.Where(fork => fork.Tried < fork.Chosen.Count && (whatever || fork.Left >= LeastLeft))
            .OrderByDescending(fork => fork.Left)
            .ThenBy(fork => fork.Position)
            .FirstOrDefault();
        if (best is null)
        {
            return null;
        }
        best.Tried = best.Chosen.Count;
        return new InfillBranch { Kept = best.Text[..best.Position], Forbidden = [.. best.Chosen.Keys] };
    }

    private static string KeyOf(TokenChoice[] text, int position) => string.Join(',', text.Take(position).Select(choice => choice.Id));

    // The position behind a run of tokens.
    private sealed class Fork(TokenChoice[] text, int position)
    {
        public TokenChoice[] Text { get; } = text;

        public int Position { get; } = position;

        public Dictionary<int, double> Chosen { get; } = [];

        // How many were chosen when it was last branched off here.
        public int Tried { get; set; }

        public double Left => 1 - Chosen.Values.Sum();
    }
}
