using StableDiffCoder.Training.Tokens;

namespace StableDiffCoder.Training.Evaluation.NGrams;

/// <summary>
/// Stupid backoff (Brants et al. 2007) over tokens, with a cache: S(w | context) = count(context w) / count(context) where that n-gram was
/// seen, else 0.4 · S(w | context without its first token). Where a context was seen both in the training text and in the file at hand, the
/// two relative frequencies are mixed; where only one has it, that one counts.
/// </summary>
public sealed class NGramModel
{
    private readonly NGramTable training;
    private readonly NGramOptions options;

    /// <summary>A model over counted training text.</summary>
    public NGramModel(NGramTable training, NGramOptions options)
    {
        options.Validate();
        (this.training, this.options) = (training, options);
    }

    /// <summary>Counts the training text, so that the baseline reads exactly what a neural model saw.</summary>
    /// <param name="shards">Token shards in the order in which training read them.</param>
    /// <param name="tokenLimit">Tokens to read; the last document is cut. 50 million need about 2 GB while they are counted.</param>
    /// <param name="vocabularySize">Of the tokenizer.</param>
    /// <param name="options">Order and weights.</param>
    public static NGramModel Train(IEnumerable<TokenShard> shards, long tokenLimit, int vocabularySize, NGramOptions options)
    {
        var documents = new List<ReadOnlyMemory<ushort>>();
        long left = tokenLimit;
        foreach (TokenShard shard in shards)
        {
            for (int i = 0; i < shard.DocumentCount && left > 0; i++)
            {
                ushort[] tokens = shard.Tokens[shard.Document(i)].ToArray();
                int length = (int)Math.Min(left, tokens.Length);
                documents.Add(tokens.AsMemory(0, length));
                left -= length;
            }
            if (left <= 0)
            {
                break;
            }
        }
        return new NGramModel(NGramTable.Count(documents, options.Order, vocabularySize), options);
    }

    /// <summary>The same counts under other weights; the order stays.</summary>
    public NGramModel With(NGramOptions other) => new(training, other with { Order = options.Order });

    /// <summary>Counts the text around a hole.</summary>
    /// <param name="prefix">Ids before the hole.</param>
    /// <param name="suffix">Ids after it.</param>
    public NGramTable Cache(IReadOnlyList<int> prefix, IReadOnlyList<int> suffix) =>
        NGramTable.Count([Narrow(prefix), Narrow(suffix)], options.Order, training.VocabularySize);

    /// <summary>The token with the highest score after a context.</summary>
    /// <param name="context">Ids so far; the last Order − 1 count.</param>
    /// <param name="cache">The file's own n-grams.</param>
    /// <param name="isAllowed">Which tokens may be chosen.</param>
    /// <returns>The id, the lowest on a tie; null when no allowed token was ever seen.</returns>
    public int? Next(IReadOnlyList<int> context, NGramTable cache, Func<int, bool> isAllowed)
    {
        int[] recent = [.. context.Skip(context.Count - Math.Min(context.Count, options.Order - 1))];
        double[] scores = Scores(recent, cache);
        (int? best, double highest) = (null, 0);
        for (int token = 0; token < scores.Length; token++)
        {
            if (scores[token] > highest && isAllowed(token))
            {
                (best, highest) = (token, scores[token]);
            }
        }
        return best;
    }

    private double[] Scores(int[] recent, NGramTable cache)
    {
        var scores = new double[training.VocabularySize];
        var lengthOf = new int[scores.Length];
        for (int length = 0; length <= recent.Length; length++)
        {
            // Longer contexts come later and overwrite what shorter ones gave.
            ReadOnlySpan<int> context = recent.AsSpan(recent.Length - length);
            double factor = Math.Pow(options.Backoff, recent.Length - length);
            (bool trained, bool cached) = (training.CountOf(context) > 0, cache.CountOf(context) > 0);
            double cacheWeight =
                !cached ? 0
                : trained ? options.CacheWeight
                : 1;
            int level = length + 1;
            Add(training, context, factor * (1 - cacheWeight));
            Add(cache, context, factor * cacheWeight);

            void Add(NGramTable table, ReadOnlySpan<int> tokens, double weight) =>
                table.ForEachFollower(
                    tokens,
                    (token, count, total) =>
                    {
                        double lower = lengthOf[token] == level ? scores[token] : 0;
                        (scores[token], lengthOf[token]) = (lower + (weight * count / total), level);
                    }
                );
        }
        return scores;
    }

    private static ReadOnlyMemory<ushort> Narrow(IReadOnlyList<int> ids) => ids.Select(id => checked((ushort)id)).ToArray();
}
