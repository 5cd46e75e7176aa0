using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>
/// Snippets of other files as tokens: <c>// path⏎code⏎</c> each, the best one last, next to the document's own text. They stand before the
/// prefix, where they change seldom while somebody types, so that a prompt is still computed from its end only.
/// </summary>
internal sealed record SnippetLayout
{
    /// <summary>What the document may be made to give away for snippets when it fills the window by itself: an eighth.</summary>
    private const int LeastShare = 8;

    /// <value>Ids of the snippets.</value>
    public required int[] Ids { get; init; }

    /// <value>The document's own text beside them.</value>
    public required ContextWindow Window { get; init; }

    /// <summary>
    /// Lays out snippets and a document. Snippets get what the document leaves, or an eighth of the window when that is more, and never more
    /// than the request allows; room shrinks in strides, so that it stays while somebody types.
    /// </summary>
    /// <param name="tokenizer">Encodes.</param>
    /// <param name="before">All text before the hole.</param>
    /// <param name="behind">All text behind the hole.</param>
    /// <param name="budget">Most tokens of everything together, 0 or more.</param>
    /// <param name="stride">As for <see cref="ContextWindow.Around"/>.</param>
    /// <param name="snippets">The best first.</param>
    /// <param name="snippetTokens">Most tokens of all snippets.</param>
    public static SnippetLayout Of(
        HuggingFaceTokenizer tokenizer,
        string before,
        string behind,
        int budget,
        int stride,
        IReadOnlyList<ContextSnippet> snippets,
        int snippetTokens
    )
    {
        ContextWindow alone = ContextWindow.Around(tokenizer, before, behind, budget, stride);
        if (snippets.Count == 0)
        {
            return new SnippetLayout { Ids = [], Window = alone };
        }
        bool isWhole = alone.PrefixStart == 0 && alone.SuffixEnd == behind.Length;
        int left = isWhole ? budget - alone.Prefix.Length - alone.Suffix.Length : 0;
        int room = Math.Min(snippetTokens, Math.Max(budget / LeastShare, left / stride * stride));
        int[] ids = Encode(tokenizer, snippets, room);
        return new SnippetLayout
        {
            Ids = ids,
            Window = ids.Length <= left ? alone : ContextWindow.Around(tokenizer, before, behind, budget - ids.Length, stride),
        };
    }

    private static int[] Encode(HuggingFaceTokenizer tokenizer, IReadOnlyList<ContextSnippet> snippets, int room)
    {
        var pieces = new List<int[]>();
        foreach (ContextSnippet snippet in snippets)
        {
            int[] piece = Fitting(tokenizer, snippet, room);
            if (piece.Length > 0)
            {
                pieces.Add(piece);
                room -= piece.Length;
            }
        }
        pieces.Reverse();
        return [.. pieces.SelectMany(ids => ids)];
    }

    // The snippet, or its first lines; nothing when not even one line of code fits.
    private static int[] Fitting(HuggingFaceTokenizer tokenizer, ContextSnippet snippet, int room)
    {
        string header = $"{snippet.LineComment} {snippet.Path}\n";
        string text = $"{header}{snippet.Text.TrimEnd()}\n";
        if (room <= 0)
        {
            return [];
        }
        TokenizedText whole = tokenizer.EncodeWithOffsets(text, AddedTokenParsing.None);
        if (whole.Ids.Length <= room)
        {
            return whole.Ids;
        }
        for (int end = whole.OffsetMap[room].Start; end > header.Length; end--)
        {
            end = text.LastIndexOf('\n', end - 1) + 1;
            int[] ids = end > header.Length ? tokenizer.Encode(text[..end], AddedTokenParsing.None) : [];
            if (ids.Length > 0 && ids.Length <= room)
            {
                return ids;
            }
        }
        return [];
    }
}
