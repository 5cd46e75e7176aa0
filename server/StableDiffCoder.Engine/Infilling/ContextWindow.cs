using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>
/// What the model sees around a hole, within a budget of tokens: the end of the text before it and the start of the text behind it. The
/// prefix may take three quarters when both are long; what one side leaves goes to the other. Cuts are at line starts; only a line longer
/// than its whole share is cut inside, between characters.
/// </summary>
internal sealed record ContextWindow
{
    /// <value>Ids of the text before the hole.</value>
    public required int[] Prefix { get; init; }

    /// <value>Offset in the text before the hole where <see cref="Prefix"/> starts.</value>
    public required int PrefixStart { get; init; }

    /// <value>Ids of the text behind the hole.</value>
    public required int[] Suffix { get; init; }

    /// <value>Offset in the text behind the hole where <see cref="Suffix"/> ends.</value>
    public required int SuffixEnd { get; init; }

    /// <summary>Chooses the window. The two sides are encoded separately, as in training, and never as special tokens.</summary>
    /// <param name="tokenizer">Encodes.</param>
    /// <param name="before">All text before the hole.</param>
    /// <param name="behind">All text behind the hole.</param>
    /// <param name="budget">Most tokens of both sides together, 0 or more.</param>
    public static ContextWindow Around(HuggingFaceTokenizer tokenizer, string before, string behind, int budget)
    {
        Cut suffix = Head(tokenizer, behind, budget);
        int prefixShare = Math.Max((int)((budget * 3L + 3) / 4), budget - suffix.Ids.Length);
        Cut prefix = Tail(tokenizer, before, prefixShare);
        if (prefix.Ids.Length + suffix.Ids.Length > budget)
        {
            suffix = Head(tokenizer, behind, budget - prefix.Ids.Length);
            // A line that did not fit any more may have left room.
            if (prefix.Offset > 0 && prefix.Ids.Length + suffix.Ids.Length < budget)
            {
                prefix = Tail(tokenizer, before, budget - suffix.Ids.Length);
            }
        }
        return new ContextWindow
        {
            Prefix = prefix.Ids,
            PrefixStart = prefix.Offset,
            Suffix = suffix.Ids,
            SuffixEnd = suffix.Offset,
        };
    }

    // First guess of the characters that fill a budget; a longer piece is taken while the budget is not used up.
    private const int CharactersPerToken = 6;

    // The longest end of the text within the budget; Offset is where it starts.
    private static Cut Tail(HuggingFaceTokenizer tokenizer, string text, int budget)
    {
        for (long taken = (long)budget * CharactersPerToken; budget > 0; taken *= 2)
        {
            int start = taken >= text.Length ? 0 : LineBreaks.NextLineStart(text, text.Length - (int)taken) ?? text.Length - (int)taken;
            start = LineBreaks.IsInsideCharacter(text, start) ? start + 1 : start;
            TokenizedText piece = tokenizer.EncodeWithOffsets(text[start..], AddedTokenParsing.None);
            if (piece.Ids.Length <= budget)
            {
                if (start == 0)
                {
                    return new Cut(piece.Ids, 0);
                }
                continue;
            }
            int fitting = start + piece.OffsetMap[piece.Ids.Length - budget].Start;
            return ShrinkTail(tokenizer, text, budget, fitting);
        }
        return new Cut([], text.Length);
    }

    // Encoding anew from the cut can give a token more (the pieces of the split may differ): then the next place is tried.
    private static Cut ShrinkTail(HuggingFaceTokenizer tokenizer, string text, int budget, int from)
    {
        for (int start = from; start < text.Length; start++)
        {
            start = LineBreaks.NextLineStart(text, start) ?? (LineBreaks.IsInsideCharacter(text, start) ? start + 1 : start);
            int[] ids = [.. tokenizer.Encode(text[start..], AddedTokenParsing.None)];
            if (ids.Length <= budget)
            {
                return new Cut(ids, start);
            }
        }
        return new Cut([], text.Length);
    }

    // The longest start of the text within the budget; Offset is where it ends.
    private static Cut Head(HuggingFaceTokenizer tokenizer, string text, int budget)
    {
        for (long taken = (long)budget * CharactersPerToken; budget > 0; taken *= 2)
        {
            int end = taken >= text.Length ? text.Length : LineBreaks.PreviousLineStart(text, (int)taken) ?? (int)taken;
            end = LineBreaks.IsInsideCharacter(text, end) ? end - 1 : end;
            TokenizedText piece = tokenizer.EncodeWithOffsets(text[..end], AddedTokenParsing.None);
            if (piece.Ids.Length <= budget)
            {
                if (end == text.Length)
                {
                    return new Cut(piece.Ids, end);
                }
                continue;
            }
            return ShrinkHead(tokenizer, text, budget, piece.OffsetMap[budget].Start);
        }
        return new Cut([], 0);
    }

    private static Cut ShrinkHead(HuggingFaceTokenizer tokenizer, string text, int budget, int from)
    {
        for (int end = from; end > 0; end--)
        {
            end = LineBreaks.PreviousLineStart(text, end) ?? (LineBreaks.IsInsideCharacter(text, end) ? end - 1 : end);
            int[] ids = [.. tokenizer.Encode(text[..end], AddedTokenParsing.None)];
            if (ids.Length <= budget)
            {
                return new Cut(ids, end);
            }
        }
        return new Cut([], 0);
    }

    private readonly record struct Cut(int[] Ids, int Offset);
}
