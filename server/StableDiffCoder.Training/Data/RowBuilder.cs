using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Training.Data;

/// <summary>
/// Packs samples into rows of the context length; samples of one row see each other. A sample is plain text, with an eos where its document
/// ends, or a piece of a document with holes, laid out for the model.
/// </summary>
/// <param name="source">The documents.</param>
/// <param name="tokenizer">Their tokenizer.</param>
/// <param name="length">Tokens a row, L.</param>
/// <param name="holeShare">Share of samples with holes.</param>
/// <param name="layout">How these are laid out; null is FIM order.</param>
/// <param name="largestSample">Most tokens of a sample; null lets one fill the row.</param>
public sealed class RowBuilder(
    ITokenSource source,
    HuggingFaceTokenizer tokenizer,
    int length,
    double holeShare,
    ISampleLayout? layout = null,
    int? largestSample = null
) : IRowBuilder
{
    // Below this a sample would have no context worth learning from.
    private const int ShortestSample = 48;

    private readonly int eos = tokenizer.Special.Require(SpecialTokenKind.Eos);
    private readonly ISampleLayout layout = layout ?? new FimLayout(tokenizer);

    /// <inheritdoc/>
    public TrainingRow Build(SampleRandom random)
    {
        var ids = new List<int>(length + 1);
        var eligible = new List<bool>(length + 1);
        while (ids.Count < length)
        {
            int room = length - ids.Count;
            int most = Math.Min(room, largestSample ?? room);
            int window = random.NextDouble() < 0.3 && most > 2 * ShortestSample ? random.NextInt(ShortestSample, most) : most;
            ReadOnlySpan<ushort> tokens = Window(random, window);
            TrainingSample sample =
                room < ShortestSample || random.NextDouble() >= holeShare ? Plain(tokens, window) : layout.Lay(tokens, window, random);
            ids.AddRange(sample.Ids);
            eligible.AddRange(sample.Eligible ?? Enumerable.Repeat(true, sample.Ids.Count));
        }
        bool[] counts = [.. eligible.Take(length)];
        return new TrainingRow([.. ids.Take(length)], counts.Contains(false) ? counts : null);
    }

    private ReadOnlySpan<ushort> Window(SampleRandom random, int size)
    {
        ReadOnlySpan<ushort> document = source.DocumentAt(random.NextLong(source.TokenCount));
        int start = document.Length <= size ? 0 : random.NextInt(0, document.Length - size);
        return document.Slice(start, Math.Min(size, document.Length));
    }

    private TrainingSample Plain(ReadOnlySpan<ushort> tokens, int window)
    {
        var ids = new List<int>(tokens.Length + 1);
        foreach (ushort token in tokens)
        {
            ids.Add(token);
        }
        if (tokens.Length < window)
        {
            ids.Add(eos);
        }
        return new TrainingSample(ids);
    }
}
