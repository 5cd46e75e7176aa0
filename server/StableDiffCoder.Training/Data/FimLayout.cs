using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Training.Data;

/// <summary>
/// One hole in FIM order: suffix, prefix, middle, eos (Seed-Coder's format; the pieces are encoded separately, the split is at characters).
/// For models that never look to the right: the hole comes last.
/// </summary>
/// <param name="tokenizer">The documents' tokenizer.</param>
/// <param name="holesOnly">Whether only the middle and its eos count for the loss.</param>
public sealed class FimLayout(HuggingFaceTokenizer tokenizer, bool holesOnly = false) : ISampleLayout
{
    private const int FramingTokens = 4;

    private readonly int eos = tokenizer.Special.Require(SpecialTokenKind.Eos);
    private readonly int suffixMark = tokenizer.Special.Require(SpecialTokenKind.FimSuffix);
    private readonly int prefixMark = tokenizer.Special.Require(SpecialTokenKind.FimPrefix);
    private readonly int middleMark = tokenizer.Special.Require(SpecialTokenKind.FimMiddle);

    /// <inheritdoc/>
    public TrainingSample Lay(ReadOnlySpan<ushort> tokens, int room, SampleRandom random)
    {
        string text = WindowText.Decode(tokenizer, tokens, Math.Max(1, room - FramingTokens));
        if (text.Length == 0)
        {
            return new TrainingSample([eos]);
        }
        (int start, int end) = TrainingHoles.Choose(text, random);
        int[] middle = tokenizer.Encode(text[start..end], parseSpecial: false);
        int[] prefix = tokenizer.Encode(text[..start], parseSpecial: false);
        int[] suffix = tokenizer.Encode(text[end..], parseSpecial: false);
        // Splitting costs tokens at the cuts; what is over falls off the far ends, as in the context window of a request.
        int over = Math.Max(0, middle.Length + prefix.Length + suffix.Length + FramingTokens - room);
        int overPrefix = Math.Min(over, prefix.Length);
        int overSuffix = Math.Min(over - overPrefix, suffix.Length);
        int[] context = [suffixMark, .. suffix[..^overSuffix], prefixMark, .. prefix[overPrefix..], middleMark];
        bool[]? eligible = holesOnly ? [.. Enumerable.Repeat(false, context.Length), .. Enumerable.Repeat(true, middle.Length + 1)] : null;
        return new TrainingSample([.. context, .. middle, eos], eligible);
    }
}

/// <summary>The text of a window of tokens.</summary>
internal static class WindowText
{
    /// <summary>Text of the first tokens. A window may start or end inside a character: what does not decode is not text.</summary>
    public static string Decode(HuggingFaceTokenizer tokenizer, ReadOnlySpan<ushort> tokens, int most)
    {
        int[] ids = new int[Math.Min(tokens.Length, most)];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = tokens[i];
        }
        return tokenizer.Decode(ids).Trim('\uFFFD');
    }
}
