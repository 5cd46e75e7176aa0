using System.Diagnostics;
using System.Text;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Training.Tokenizers;

namespace StableDiffCoder.Training.Evaluation.NGrams;

/// <summary>
/// Fills holes with an n-gram model, left to right, greedily. The prefix's last chunk is generated anew, with the condition that its text
/// comes out again: the training text was cut into tokens without a hole in it, where " value" is one token, and a prefix that ends in the
/// blank or in " val" would otherwise never be followed by what followed it in training.
/// </summary>
/// <param name="model">The counted training text.</param>
/// <param name="tokenizer">The one that made the token shards.</param>
public sealed class NGramHoleFiller(NGramModel model, HuggingFaceTokenizer tokenizer) : IHoleFiller
{
    /// <summary>Characters at the prefix's end in which its last chunk is looked for.</summary>
    private const int LongestChunk = 200;

    private readonly PreTokenizer preTokenizer = new(BpeTrainingOptions.ReportPattern);

    /// <summary>UTF-8 bytes of each token by id; empty for special tokens, which are never chosen.</summary>
    private readonly ReadOnlyMemory<byte>[] bytes =
    [
        .. Enumerable
            .Range(0, tokenizer.VocabularySize)
            .Select(id => tokenizer.HasToken(id) && !tokenizer.IsSpecial(id) ? tokenizer.TokenBytes(id) : default),
    ];

    /// <inheritdoc/>
    public string Name => "5-gram backoff + file cache";

    /// <inheritdoc/>
    public Task<HoleFill> FillAsync(Hole hole, int maxNewTokens, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        int cut = LastChunk(hole.Prefix);
        byte[] required = Encoding.UTF8.GetBytes(hole.Prefix[cut..]);
        List<int> ids = [.. tokenizer.Encode(hole.Prefix[..cut], parseSpecial: false)];
        NGramTable cache = model.Cache(ids, tokenizer.Encode(hole.Suffix, parseSpecial: false));
        var generated = new List<byte>();
        int tokens = 0;
        while (tokens < maxNewTokens && !generated.Skip(required.Length).Contains((byte)'\n'))
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool isBlank = generated.Skip(required.Length).All(value => value is (byte)' ' or (byte)'\t');
            if (model.Next(ids, cache, token => IsAllowed(token, required, generated.Count, isBlank)) is not int next)
            {
                break;
            }
            ids.Add(next);
            generated.AddRange(bytes[next].Span);
            // What only repeats the prefix's last chunk does not count.
            tokens += generated.Count > required.Length ? 1 : 0;
        }
        byte[] filled = [.. generated.Skip(required.Length)];
        string text = FirstLine(Encoding.UTF8.GetString(filled));
        return Task.FromResult(new HoleFill(text, tokens, tokens, clock.Elapsed.TotalMilliseconds));
    }

    // It has no sign for the end of a hole: a line end is one for every kind.
    private static string FirstLine(string text) => text.Split('\n', 2)[0];

    /// <summary>Where the last chunk of a text begins; looks at its last characters only.</summary>
    private int LastChunk(string text)
    {
        int start = Math.Max(0, text.Length - LongestChunk);
        return text.Length == 0 ? 0 : start + preTokenizer.Split(text[start..])[^1].Start;
    }

    /// <summary>Whether a token agrees with what is left of the required text, and does not end a fill that is still blank.</summary>
    private bool IsAllowed(int token, byte[] required, int done, bool isBlank)
    {
        ReadOnlySpan<byte> candidate = bytes[token].Span;
        ReadOnlySpan<byte> left = done < required.Length ? required.AsSpan(done) : [];
        int common = Math.Min(left.Length, candidate.Length);
        bool agrees = candidate.Length > 0 && candidate[..common].SequenceEqual(left[..common]);
        return agrees && !(isBlank && candidate[common..].Contains((byte)'\n'));
    }
}
