using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Training.Data;

/// <summary>
/// Holes where they stand, for models that look both ways (the report's step 3): text, hole, text, … A hole has a length before it has a
/// text, so it is an upper bound: what the text leaves of it, at least one token, is filled with eos. Only holes are noised and count for the
/// loss: at inference everything else is known.
/// </summary>
/// <param name="tokenizer">The documents' tokenizer.</param>
public sealed class InPlaceLayout(HuggingFaceTokenizer tokenizer) : ISampleLayout
{
    private const int TokensPerHole = 64;
    private const int MostHoles = 4;

    // The usual budget of a request: a hole begins with it at inference.
    private const int UsualBudget = 64;

    private readonly int eos = tokenizer.Special.Require(SpecialTokenKind.Eos);

    /// <inheritdoc/>
    public TrainingSample Lay(ReadOnlySpan<ushort> tokens, int room, SampleRandom random)
    {
        string text = WindowText.Decode(tokenizer, tokens, room);
        if (text.Length == 0)
        {
            return new TrainingSample([eos]);
        }
        bool endsDocument = tokens.Length < room;
        var pieces = new List<(int[] Ids, bool IsHole)>();
        int at = 0;
        foreach ((int start, int end) in Holes(text, tokens.Length, random))
        {
            pieces.Add((tokenizer.Encode(text[at..start], parseSpecial: false), false));
            int[] middle = tokenizer.Encode(text[start..end], parseSpecial: false);
            pieces.Add(([.. middle, .. Enumerable.Repeat(eos, HoleLength(middle.Length, random) - middle.Length)], true));
            at = end;
        }
        int[] last = tokenizer.Encode(text[at..], parseSpecial: false);
        pieces.Add((endsDocument ? [.. last, eos] : last, false));
        Trim(pieces, pieces.Sum(piece => piece.Ids.Length) - room);
        return new TrainingSample(
            [.. pieces.SelectMany(piece => piece.Ids)],
            [.. pieces.SelectMany(piece => Enumerable.Repeat(piece.IsHole, piece.Ids.Length))]
        );
    }

    /// <summary>
    /// Length of a hole for a text: half the time the shortest of 1, 2, 3, 4, 6, 8, 12, 16, … that leaves room for an eos, else any longer one up
    /// to a request's usual budget.
    /// </summary>
    internal static int HoleLength(int tokens, SampleRandom random)
    {
        int[] lengths = [.. Candidates().SkipWhile(length => length <= tokens).TakeWhile((length, i) => i == 0 || length <= UsualBudget)];
        return lengths.Length == 1 || random.NextDouble() < 0.5 ? lengths[0] : lengths[random.NextInt(1, lengths.Length - 1)];
    }

    private static IEnumerable<int> Candidates()
    {
        yield return 1;
        for (int power = 2; ; power *= 2)
        {
            yield return power;
            yield return power / 2 * 3;
        }
    }

    // In order and apart; at least one.
    private static IEnumerable<(int Start, int End)> Holes(string text, int tokens, SampleRandom random)
    {
        int wanted = random.NextInt(1, Math.Clamp(tokens / TokensPerHole, 1, MostHoles));
        (int Start, int End)[] drawn = [.. Enumerable.Range(0, wanted).Select(_ => TrainingHoles.Choose(text, random))];
        int at = -1;
        foreach ((int start, int end) in drawn.OrderBy(hole => hole.Start).ThenBy(hole => hole.End))
        {
            if (start > at)
            {
                yield return (start, end);
                at = end;
            }
        }
    }

    // What is over falls off the far ends, as in the context window of a request.
    private static void Trim(List<(int[] Ids, bool IsHole)> pieces, int over)
    {
        foreach (bool head in (bool[])[true, false])
        {
            int index = head ? 0 : pieces.Count - 1;
            int[] ids = pieces[index].Ids;
            int cut = Math.Clamp(over, 0, ids.Length);
            pieces[index] = (head ? ids[cut..] : ids[..^cut], false);
            over -= cut;
        }
    }
}
