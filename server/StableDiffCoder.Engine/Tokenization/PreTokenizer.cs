using System.Text.RegularExpressions;

namespace StableDiffCoder.Engine.Tokenization;

/// <summary>
/// Cuts text into the chunks that BPE merges inside of, as Hugging Face's <c>Split</c> with the behaviour <c>Isolated</c> does: every match
/// of the pattern is a chunk, and so is every stretch between two matches. Several patterns apply one after the other, each to the chunks
/// of the one before, which it sees as if they stood alone. Patterns see characters, not UTF-16 units: <c>\p{L}</c> matches a letter
/// beyond the BMP. Thread-safe.
/// </summary>
public sealed class PreTokenizer
{
    /// <summary>GPT-2's own pattern, which <c>ByteLevel</c> with <c>use_regex</c> applies.</summary>
    public const string Gpt2Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    private readonly Regex[] splits;
    private readonly SupplementaryStandIns standIns;

    /// <summary>Makes a pre-tokenizer; no pattern at all leaves every text in one chunk.</summary>
    /// <param name="patterns">Patterns in the dialect of tokenizer.json (Oniguruma's), in the order in which they apply.</param>
    /// <exception cref="ArgumentException">A pattern uses something that .NET would match differently; the message says what.</exception>
    public PreTokenizer(params IReadOnlyList<string> patterns)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        Patterns = [.. patterns];
        var translated = Patterns.Select(SplitPattern.Translate).ToArray();
        splits = [.. translated.Select(pattern => new Regex(pattern.Expression, RegexOptions.CultureInvariant | RegexOptions.Compiled))];
        standIns = new SupplementaryStandIns(translated.SelectMany(pattern => pattern.NamedRanges));
    }

    /// <summary>The patterns as given.</summary>
    public IReadOnlyList<string> Patterns { get; }

    /// <summary>The chunks of a text: in order, none empty, together the whole text. A surrogate pair is never cut.</summary>
    public IReadOnlyList<Utf16Span> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var chunks = new List<Utf16Span>(text.Length / 4);
        Split(text, chunks);
        return chunks;
    }

    /// <summary>Appends the chunks of a text to a list.</summary>
    public void Split(ReadOnlySpan<char> text, ICollection<Utf16Span> chunks)
    {
        ArgumentNullException.ThrowIfNull(chunks);
        if (text.IsEmpty)
        {
            return;
        }

        if (!text.ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            Cut(text, 0, 0, chunks);
            return;
        }

        var replaced = standIns.Replace(text, out var positions);
        var cuts = new List<Utf16Span>(replaced.Length / 4);
        Cut(replaced, 0, 0, cuts);
        foreach (var cut in cuts)
        {
            chunks.Add(new Utf16Span(positions[cut.Start], positions[cut.End] - positions[cut.Start]));
        }
    }

    private void Cut(ReadOnlySpan<char> text, int offset, int split, ICollection<Utf16Span> chunks)
    {
        if (text.IsEmpty)
        {
            return;
        }

        if (split == splits.Length)
        {
            chunks.Add(new Utf16Span(offset, text.Length));
            return;
        }

        var end = 0;
        foreach (var match in splits[split].EnumerateMatches(text))
        {
            Cut(text[end..match.Index], offset + end, split + 1, chunks);
            end = match.Index + match.Length;
            Cut(text[match.Index..end], offset + match.Index, split + 1, chunks);
        }

        Cut(text[end..], offset + end, split + 1, chunks);
    }
}
