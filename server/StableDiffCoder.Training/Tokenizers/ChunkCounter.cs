using System.Text;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Training.Tokenizers;

/// <summary>Counts the distinct chunks that the pre-tokenizer cuts texts into; BPE training sees nothing else of the text.</summary>
/// <param name="splitPattern">The pre-tokenizer's pattern.</param>
public sealed class ChunkCounter(string splitPattern)
{
    private readonly PreTokenizer preTokenizer = new(splitPattern);
    private readonly Dictionary<string, long> counts = [];
    private readonly List<Utf16Span> chunks = [];

    /// <summary>Chunks and how often each was seen, in ordinal order.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Counts => [.. counts.OrderBy(entry => entry.Key, StringComparer.Ordinal)];

    /// <summary>Adds the chunks of a text, after NFC.</summary>
    public void Add(string text)
    {
        string normalized = text.Normalize(NormalizationForm.FormC);
        chunks.Clear();
        preTokenizer.Split(normalized, chunks);
        var lookup = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (Utf16Span chunk in chunks)
        {
            ReadOnlySpan<char> key = normalized.AsSpan(chunk.Start, chunk.Length);
            lookup[key] = lookup.TryGetValue(key, out long count) ? count + 1 : 1;
        }
    }
}
