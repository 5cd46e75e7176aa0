using System.Text;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Training.Tokenizers;

/// <summary>
/// Learns byte-level BPE merges (Sennrich et al. 2016): the most frequent pair of neighbours becomes a token, again and again. Counts are
/// kept up to date chunk by chunk instead of being taken anew; of pairs seen equally often, the one with the lower ids is merged first.
/// </summary>
public sealed class BpeTrainer
{
    private readonly BpeTrainingOptions options;
    private readonly List<string> tokens = [];
    private readonly Dictionary<string, int> idOfToken = [];
    private readonly List<(string Left, string Right)> merges = [];
    private readonly List<(int[] Symbols, long Count)> chunks = [];
    private readonly Dictionary<(int Left, int Right), long> pairCounts = [];
    private readonly Dictionary<(int Left, int Right), HashSet<int>> chunksOfPair = [];
    private readonly PriorityQueue<(int Left, int Right), PairRank> queue = new();

    private BpeTrainer(BpeTrainingOptions options)
    {
        this.options = options;
        foreach (char unit in ByteLevelAlphabet.Chars)
        {
            idOfToken[unit.ToString()] = tokens.Count;
            tokens.Add(unit.ToString());
        }
    }

    /// <summary>Trains on texts.</summary>
    /// <param name="texts">Read once, one after the other.</param>
    /// <param name="options">Vocabulary size, special tokens, pattern.</param>
    /// <param name="progress">Told the number of tokens as they are learned; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked at every text and merge.</param>
    /// <returns>The vocabulary; smaller than asked when the text has too few pairs.</returns>
    public static BpeVocabulary Train(
        IEnumerable<string> texts,
        BpeTrainingOptions options,
        IProgress<int>? progress,
        CancellationToken cancellationToken
    )
    {
        options.Validate();
        var counter = new ChunkCounter(options.SplitPattern);
        foreach (string text in texts)
        {
            cancellationToken.ThrowIfCancellationRequested();
            counter.Add(text);
        }
        return Train(counter.Counts, options, progress, cancellationToken);
    }

    /// <summary>Trains on counted chunks.</summary>
    public static BpeVocabulary Train(
        IReadOnlyList<KeyValuePair<string, long>> chunkCounts,
        BpeTrainingOptions options,
        IProgress<int>? progress,
        CancellationToken cancellationToken
    )
    {
        options.Validate();
        var trainer = new BpeTrainer(options);
        trainer.Load(chunkCounts);
        trainer.Merge(progress, cancellationToken);
        return new BpeVocabulary(options.SpecialTokens, trainer.tokens, trainer.merges, options.SplitPattern);
    }

    private void Load(IReadOnlyList<KeyValuePair<string, long>> chunkCounts)
    {
        foreach ((string chunk, long count) in chunkCounts)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(chunk);
            int[] symbols = Array.ConvertAll(bytes, value => (int)value);
            if (symbols.Length > 1)
            {
                Count(chunks.Count, symbols, count, []);
                chunks.Add((symbols, count));
            }
        }
        foreach (((int Left, int Right) pair, long count) in pairCounts)
        {
            Enqueue(pair, count);
        }
    }

    private void Merge(IProgress<int>? progress, CancellationToken cancellationToken)
    {
        while (options.SpecialTokens.Count + tokens.Count < options.VocabularySize && queue.TryDequeue(out var pair, out PairRank rank))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (pairCounts.GetValueOrDefault(pair) != rank.Count)
            {
                // The count changed since this entry was made; the change made an entry of its own.
                continue;
            }
            (string left, string right) = (tokens[pair.Left], tokens[pair.Right]);
            merges.Add((left, right));
            if (!idOfToken.TryGetValue(left + right, out int merged))
            {
                merged = tokens.Count;
                tokens.Add(left + right);
                idOfToken[left + right] = merged;
                progress?.Report(options.SpecialTokens.Count + tokens.Count);
            }
            Apply(pair, merged);
        }
    }

    private void Apply((int Left, int Right) pair, int merged)
    {
        var changed = new HashSet<(int Left, int Right)>();
        foreach (int chunk in chunksOfPair[pair])
        {
            (int[] symbols, long count) = chunks[chunk];
            Count(chunk, symbols, -count, changed);
            int[] shorter = Join(symbols, pair, merged);
            Count(chunk, shorter, count, changed);
            chunks[chunk] = (shorter, count);
        }
        chunksOfPair.Remove(pair);
        pairCounts.Remove(pair);
        foreach ((int Left, int Right) other in changed)
        {
            if (other != pair)
            {
                Enqueue(other, pairCounts.GetValueOrDefault(other));
            }
        }
    }

    private void Count(int chunk, int[] symbols, long count, HashSet<(int Left, int Right)> changed)
    {
        for (int i = 0; i + 1 < symbols.Length; i++)
        {
            (int Left, int Right) pair = (symbols[i], symbols[i + 1]);
            pairCounts[pair] = pairCounts.GetValueOrDefault(pair) + count;
            changed.Add(pair);
            if (count > 0)
            {
                if (!chunksOfPair.TryGetValue(pair, out HashSet<int>? where))
                {
                    chunksOfPair[pair] = where = [];
                }
                where.Add(chunk);
            }
        }
    }

    private void Enqueue((int Left, int Right) pair, long count)
    {
        if (count >= options.MinPairCount)
        {
            queue.Enqueue(pair, new PairRank(count, pair.Left, pair.Right));
        }
    }

    internal static int[] Join(int[] symbols, (int Left, int Right) pair, int merged)
    {
        var result = new List<int>(symbols.Length);
        for (int i = 0; i < symbols.Length; i++)
        {
            bool isPair = i + 1 < symbols.Length && symbols[i] == pair.Left && symbols[i + 1] == pair.Right;
            result.Add(isPair ? merged : symbols[i]);
            i += isPair ? 1 : 0;
        }
        return [.. result];
    }

    /// <summary>Most frequent first, then lowest ids.</summary>
    private readonly record struct PairRank(long Count, int Left, int Right) : IComparable<PairRank>
    {
        public int CompareTo(PairRank other) =>
            Count != other.Count ? other.Count.CompareTo(Count)
            : Left != other.Left ? Left.CompareTo(other.Left)
            : Right.CompareTo(other.Right);
    }
}
