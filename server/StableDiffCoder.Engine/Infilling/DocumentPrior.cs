using System.Text;
using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>
/// What the document itself, and the pieces of others shown with it, say comes next: the tokens that stand behind places whose text ends as the text before the
/// new token does; the places that agree over the most characters count. Code repeats itself close by (Tu, Su and Devanbu 2014, "On the
/// Localness of Software"), and a small model copies badly. Works on characters, so that a hole may begin inside what is a token elsewhere.
/// </summary>
internal sealed class DocumentPrior : ITokenPrior
{
    /// <summary>Characters of the document looked at on either side of the hole.</summary>
    private const int Reach = 16_384;

    /// <summary>Characters that must agree.</summary>
    private const int ShortestMatch = 4;

    /// <summary>More characters in agreement say no more.</summary>
    private const int LongestMatch = 64;

    /// <summary>Agreement over this many characters gives half of the full weight.</summary>
    private const double HalfWeightMatch = 8;

    /// <summary>n places count as n / (n + this): one alone may be chance.</summary>
    private const double SingleMatchDoubt = 0.2;

    /// <summary>Characters of a continuation that are encoded to find its first token.</summary>
    private const int Continuation = 24;

    private readonly LoadedModel model;
    private readonly string before;
    private readonly string[] texts; // before, behind, others
    private readonly IReadOnlyList<int> kept;
    private readonly double strength;
    private readonly Dictionary<(int Text, int At), int> firstTokens = [];

    /// <summary>Looks at a document.</summary>
    /// <param name="model">Whose tokens to speak of.</param>
    /// <param name="before">All text before the hole.</param>
    /// <param name="behind">All text behind it.</param>
    /// <param name="others">Texts of other documents that are known to be related.</param>
    /// <param name="kept">New tokens that are given, before those that <see cref="Next"/> is told of.</param>
    /// <param name="strength">Largest weight, that of a long agreement; from 0 to below 1.</param>
    public DocumentPrior(
        LoadedModel model,
        string before,
        string behind,
        IReadOnlyList<string> others,
        IReadOnlyList<int> kept,
        double strength
    )
    {
        this.model = model;
        this.before = before[Math.Max(0, before.Length - Reach)..];
        texts = [this.before, behind[..Math.Min(behind.Length, Reach)], .. others];
        this.kept = kept;
        this.strength = strength;
    }

    /// <inheritdoc/>
    public TokenShare? Next(IReadOnlyList<int> newIds)
    {
        string tail = Tail(newIds);
        if (tail.Length < ShortestMatch)
        {
            return null;
        }
        var matches = new List<Match>();
        for (int text = 0; text < texts.Length; text++)
        {
            Find(text, tail, matches);
        }
        if (matches.Count == 0)
        {
            return null;
        }
        int longest = matches.Max(match => match.Length);
        var counts = new Dictionary<int, int>();
        int total = 0;
        foreach (Match match in matches.Where(match => match.Length == longest))
        {
            int id = FirstToken(match.Text, match.At);
            counts[id] = counts.GetValueOrDefault(id) + 1;
            total++;
        }
        double weight = strength * longest / (longest + HalfWeightMatch) * total / (total + SingleMatchDoubt);
        return new TokenShare(weight, counts.ToDictionary(count => count.Key, count => (double)count.Value / total));
    }

    // The text before the new token, as far as it matters.
    private string Tail(IReadOnlyList<int> newIds)
    {
        var decoder = new StreamingTokenDecoder(model.Tokenizer);
        var text = new StringBuilder(before, Math.Max(0, before.Length - LongestMatch), Math.Min(before.Length, LongestMatch), 256);
        foreach (int id in kept.Concat(newIds).Where(id => !model.IsControl(id)))
        {
            text.Append(decoder.Append(id));
        }
        return text.ToString(Math.Max(0, text.Length - LongestMatch), Math.Min(text.Length, LongestMatch));
    }

    // Places in a text behind which something stands, and before which it ends as the tail does.
    private void Find(int index, string tail, List<Match> matches)
    {
        string text = texts[index];
        ReadOnlySpan<char> anchor = tail.AsSpan(tail.Length - ShortestMatch);
        int from = 0;
        while (text.AsSpan(from).IndexOf(anchor) is int found and >= 0)
        {
            int at = from + found + ShortestMatch;
            if (at < text.Length)
            {
                matches.Add(new Match(index, at, MatchLength(text.AsSpan(0, at), tail)));
            }
            from += found + 1;
        }
    }

    private static int MatchLength(ReadOnlySpan<char> text, ReadOnlySpan<char> tail)
    {
        int length = ShortestMatch;
        while (length < tail.Length && length < text.Length && text[^(length + 1)] == tail[^(length + 1)])
        {
            length++;
        }
        return length;
    }

    private int FirstToken(int index, int at)
    {
        if (!firstTokens.TryGetValue((index, at), out int id))
        {
            string text = texts[index];
            id = model.Tokenizer.Encode(text.Substring(at, Math.Min(Continuation, text.Length - at)), AddedTokenParsing.None)[0];
            firstTokens[(index, at)] = id;
        }
        return id;
    }

    // A place at which a text goes on, and over how many characters it agrees with the tail up to there.
    private readonly record struct Match(int Text, int At, int Length);
}
