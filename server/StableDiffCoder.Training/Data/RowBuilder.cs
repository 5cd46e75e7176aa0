using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Training.Data;

/// <summary>
/// Packs samples into rows of the context length; samples of one row see each other. A sample is plain text with an eos, or a hole in FIM
/// order (suffix, prefix, middle, eos: Seed-Coder's format, the pieces encoded separately).
/// </summary>
/// <param name="source">The documents.</param>
/// <param name="tokenizer">Their tokenizer.</param>
/// <param name="length">Tokens a row, L.</param>
/// <param name="fimShare">Share of samples in FIM order.</param>
public sealed class RowBuilder(ITokenSource source, HuggingFaceTokenizer tokenizer, int length, double fimShare)
{
    // Below this a sample would have no context worth learning from.
    private const int ShortestSample = 48;
    private const int FramingTokens = 4;

    private readonly int eos = tokenizer.Special.Eos!.Value;
    private readonly int suffixMark = tokenizer.Special.FimSuffix!.Value;
    private readonly int prefixMark = tokenizer.Special.FimPrefix!.Value;
    private readonly int middleMark = tokenizer.Special.FimMiddle!.Value;

    /// <summary>Makes one row.</summary>
    /// <param name="random">Decides everything about it.</param>
    /// <returns>Exactly L ids.</returns>
    public int[] Build(SampleRandom random)
    {
        var row = new List<int>(length + 1);
        while (row.Count < length)
        {
            int room = length - row.Count;
            int window = random.NextDouble() < 0.3 && room > 2 * ShortestSample ? random.NextInt(ShortestSample, room) : room;
            ReadOnlySpan<ushort> tokens = Window(random, window);
            if (room < ShortestSample || random.NextDouble() >= fimShare)
            {
                AppendPlain(row, tokens, window);
            }
            else
            {
                row.AddRange(FimSample(tokens, window, random));
            }
        }
        return [.. row.Take(length)];
    }

    private ReadOnlySpan<ushort> Window(SampleRandom random, int size)
    {
        ReadOnlySpan<ushort> document = source.DocumentAt(random.NextLong(source.TokenCount));
        int start = document.Length <= size ? 0 : random.NextInt(0, document.Length - size);
        return document.Slice(start, Math.Min(size, document.Length));
    }

    private void AppendPlain(List<int> row, ReadOnlySpan<ushort> tokens, int window)
    {
        foreach (ushort token in tokens)
        {
            row.Add(token);
        }
        if (tokens.Length < window)
        {
            row.Add(eos);
        }
    }

    private List<int> FimSample(ReadOnlySpan<ushort> tokens, int room, SampleRandom random)
    {
        int[] ids = new int[Math.Max(1, Math.Min(tokens.Length, room - FramingTokens))];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = tokens[i];
        }
        // A window may start or end inside a character: what does not decode is not text.
        string text = tokenizer.Decode(ids).Trim('\uFFFD');
        if (text.Length == 0)
        {
            return [eos];
        }
        (int start, int end) = HoleSampler.Choose(text, random);
        int[] middle = tokenizer.Encode(text[start..end], parseSpecial: false);
        int[] prefix = tokenizer.Encode(text[..start], parseSpecial: false);
        int[] suffix = tokenizer.Encode(text[end..], parseSpecial: false);
        // Splitting costs tokens at the cuts; what is over falls off the far ends, as in the context window of a request.
        int over = Math.Max(0, middle.Length + prefix.Length + suffix.Length + FramingTokens - room);
        int overPrefix = Math.Min(over, prefix.Length);
        int overSuffix = Math.Min(over - overPrefix, suffix.Length);
        return [suffixMark, .. suffix[..^overSuffix], prefixMark, .. prefix[overPrefix..], middleMark, .. middle, eos];
    }
}
