using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Training.Data;
using StableDiffCoder.Training.Running;

namespace StableDiffCoder.Training.Sft;

/// <summary>
/// Packs edit samples into rows of the context length: the chat prompt as the engine writes it, the answer, 1 to 4 eos (so that lengths
/// vary, report section 3). Only answers and their eos are noised and count for the loss. What no sample fits into is padding.
/// </summary>
/// <param name="samples">The samples.</param>
/// <param name="tokenizer">The model's tokenizer.</param>
/// <param name="template">The chat template.</param>
/// <param name="length">Tokens a row, L.</param>
public sealed class EditRowBuilder(IReadOnlyList<EditSample> samples, HuggingFaceTokenizer tokenizer, ChatTemplate template, int length)
    : IRowBuilder
{
    private const int MostEos = 4;

    // Below this no sample has room.
    private const int ShortestSample = 48;
    private const int TriesForTheRest = 6;
    private const int TriesForARow = 1000;

    // Context of the samples that do not get all that fits.
    private const int LongestContext = 200;

    // Kinds that the corpus has few places for are shown more often than their share: a kind counts as the root of its samples.
    private readonly (EditSample[] Samples, double Weight)[] kinds =
    [
        .. samples.GroupBy(sample => sample.Kind).Select(kind => (kind.ToArray(), Math.Sqrt(kind.Count()))),
    ];

    private readonly int eos = tokenizer.Special.Require(SpecialTokenKind.Eos);
    private readonly int padding = tokenizer.Special.Pad ?? tokenizer.Special.Require(SpecialTokenKind.Eos);

    /// <inheritdoc/>
    /// <exception cref="TrainingException">No sample fits a row.</exception>
    public TrainingRow Build(SampleRandom random)
    {
        var ids = new List<int>(length);
        var eligible = new List<bool>(length);
        int tries = TriesForARow;
        while (length - ids.Count >= ShortestSample && tries > 0)
        {
            EditSample sample = Draw(random);
            if (Lay(sample, length - ids.Count, random) is not var (prompt, answer))
            {
                tries--;
                continue;
            }
            ids.AddRange([.. prompt, .. answer]);
            eligible.AddRange(Enumerable.Repeat(false, prompt.Length).Concat(Enumerable.Repeat(true, answer.Length)));
            tries = TriesForTheRest;
        }
        if (ids.Count == 0)
        {
            throw new TrainingException(
                $"No edit sample fits a row of {length} tokens; raise context_length, or make shorter samples with 'train sft-data --longest'."
            );
        }
        int rest = length - ids.Count;
        ids.AddRange(Enumerable.Repeat(padding, rest));
        eligible.AddRange(Enumerable.Repeat(false, rest));
        return new TrainingRow([.. ids], [.. eligible]);
    }

    private EditSample Draw(SampleRandom random)
    {
        double at = random.NextDouble() * kinds.Sum(kind => kind.Weight);
        int chosen = 0;
        while (chosen < kinds.Length - 1 && at >= kinds[chosen].Weight)
        {
            at -= kinds[chosen++].Weight;
        }
        EditSample[] samples = kinds[chosen].Samples;
        return samples[random.NextInt(0, samples.Length - 1)];
    }

    // Null when it does not fit.
    private (int[] Prompt, int[] Answer)? Lay(EditSample sample, int room, SampleRandom random)
    {
        int end = random.NextInt(1, MostEos);
        int? context = random.NextDouble() < 0.5 ? null : random.NextInt(0, LongestContext);
        string text = sample.Prefix + sample.Before + sample.Suffix;
        var span = new TextSpan(sample.Prefix.Length, sample.Before.Length);
        if (EditPrompt.AnswerFor(ShownCode.Of(text, span), sample.After) is not string written)
        {
            return null;
        }
        int[] answer = [.. tokenizer.Encode(written, AddedTokenParsing.None), .. Enumerable.Repeat(eos, end)];
        var prompts = new EditPromptBuilder(tokenizer, template, room, blockLength: 1);
        return prompts.TryBuild(text, span, sample.Instruction, answer.Length, context) is { } prompt ? (prompt.Ids, answer) : null;
    }
}
