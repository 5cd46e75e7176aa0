using System.Text;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>
/// The text that generated ids stand for: it ends before eos, before the first stop string, at the token budget, and before a character
/// whose bytes are not all there. Special tokens in it are dropped.
/// </summary>
internal sealed record NewText
{
    /// <value>Whole characters only.</value>
    public required string Text { get; init; }

    /// <value>Tokens that <see cref="Text"/> is made of.</value>
    public required int Tokens { get; init; }

    /// <value>Confidence of each of these.</value>
    public required IReadOnlyList<double> Confidences { get; init; }

    /// <value>Every id up to the text's end, control tokens included, and the eos that ended it.</value>
    public required IReadOnlyList<TokenChoice> Choices { get; init; }

    /// <value>Why it ended.</value>
    public required InfillStop Stop { get; init; }

    /// <summary>Decodes.</summary>
    /// <param name="model">Whose tokens they are.</param>
    /// <param name="ids">Generated ids.</param>
    /// <param name="confidences">One per id.</param>
    /// <param name="options">Token budget and stop strings.</param>
    /// <param name="following">The start of the text behind the span, as another stop string; null for none.</param>
    public static NewText From(
        LoadedModel model,
        IReadOnlyList<int> ids,
        IReadOnlyList<double> confidences,
        InfillOptions options,
        string? following = null
    )
    {
        var decoder = new StreamingTokenDecoder(model.Tokenizer);
        var text = new StringBuilder();
        var kept = new List<double>();
        var lengths = new List<int>(); // of the text, after each kept token
        var choices = new List<TokenChoice>();
        InfillStop stop = InfillStop.Length;
        foreach ((int id, double confidence) in ids.Zip(confidences).Take(options.MaxNewTokens))
        {
            if (id == model.SpecialIds.Eos)
            {
                choices.Add(new TokenChoice(id, confidence, text.Length));
                stop = InfillStop.Eos;
                break;
            }
            if (model.IsControl(id))
            {
                choices.Add(new TokenChoice(id, confidence, text.Length));
                continue;
            }
            text.Append(decoder.Append(id));
            choices.Add(new TokenChoice(id, confidence, text.Length));
            kept.Add(confidence);
            lengths.Add(text.Length);
        }
        string whole = text.ToString();
        int stopString = FirstStop(whole, options.StopStrings) ?? whole.Length;
        int suffix = following is null ? whole.Length : FirstStop(whole, [following]) ?? whole.Length;
        int end = Math.Min(stopString, suffix);
        int tokens = end == 0 ? 0 : lengths.FindIndex(length => length >= end) + 1;
        return new NewText
        {
            Text = whole[..end],
            Tokens = tokens,
            Confidences = kept[..tokens],
            Choices = end == whole.Length ? choices : UpTo(choices, end),
            Stop =
                stopString < whole.Length && stopString == end ? InfillStop.StopString
                : suffix < whole.Length ? InfillStop.Suffix
                : stop,
        };
    }

    // To the one that reaches the text's end; of no text at all, the one that ended it.
    private static List<TokenChoice> UpTo(List<TokenChoice> choices, int end)
    {
        int last = choices.FindIndex(choice => choice.End >= end);
        return [.. choices.Take(last + 1).Select(choice => choice with { End = Math.Min(choice.End, end) })];
    }

    // Offset of the earliest stop string.
    private static int? FirstStop(string text, IReadOnlyList<string> stopStrings)
    {
        int[] found = [.. stopStrings.Select(stop => text.IndexOf(stop, StringComparison.Ordinal)).Where(at => at >= 0)];
        return found.Length == 0 ? null : found.Min();
    }
}
