using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>
/// What the model sees around a hole, within a budget of tokens: the end of the text before it and the start of the text behind it. The
/// prefix may take three quarters when both are long; what one side leaves goes to the other. Cuts are at line starts; only a line longer
/// than its whole share is cut inside, between characters. With a stride above 1 the cuts stay where they are while somebody types: a short
/// prefix is given room in steps of the stride, and a long one starts at one of a few lines of the document.
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
    /// <param name="stride">Tokens that may be given away so that cuts stay; 1 gives none away.</param>
    public static ContextWindow Around(HuggingFaceTokenizer tokenizer, string before, string behind, int budget, int stride = 1)
    {
        Cut suffix = Head(tokenizer, behind, budget);
        int prefixShare = Math.Max((int)((budget * 3L + 3) / 4), budget - suffix.Ids.Length);
        Cut prefix = Tail(tokenizer, before, prefixShare);
        int prefixRoom = Math.Min(prefixShare, (prefix.Ids.Length + stride - 1) / stride * stride);
        // A cut prefix is longer and shorter by turns, as its lines go.
        prefixRoom = stride > 1 && prefix.Offset > 0 ? prefixShare : prefixRoom;
        if (prefixRoom + suffix.Ids.Length > budget)
        {
            suffix = Head(tokenizer, behind, budget - prefixRoom);
            // A line that did not fit any more may have left room.
            if (prefix.Offset > 0 && prefix.Ids.Length + suffix.Ids.Length < budget)
            {
                prefix = Tail(tokenizer, before, budget - suffix.Ids.Length);
            }
        }
        if (stride > 1 && prefix.Offset > 0)
        {
            prefix = Anchor(tokenizer, before, prefix, stride * AnchorCharactersPerToken);
        }
        return new ContextWindow
        {
            Prefix = prefix.Ids,
            PrefixStart = prefix.Offset,
            Suffix = suffix.Ids,
            SuffixEnd = suffix.Offset,
        };
    }

    // Anchors are so many characters for each token of the stride apart: about what source code has.
    private const int AnchorCharactersPerToken = 3;

    // Moves a start to the first line behind the next multiple of a distance from the document's start, if one is near.
    private static Cut Anchor(HuggingFaceTokenizer tokenizer, string text, Cut cut, int distance)
    {
        int multiple = (cut.Offset + distance - 1) / distance * distance;
        if (multiple >= text.Length || LineBreaks.NextLineStart(text, multiple) is not int start || start > multiple + distance)
        {
            return cut;
        }
        int[] ids = [.. tokenizer.Encode(text[start..], AddedTokenParsing.None)];
        return ids.Length <= cut.Ids.Length ? new Cut(ids, start) : cut;
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
