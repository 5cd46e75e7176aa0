using System.Text.Json;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Tokens;

/// <summary>Encodes a corpus and writes token shards: "{split}-00000.bin", … and tokens.json, the documents in seeded random order.</summary>
public static class TokenShardBuilder
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Runs it with a tokenizer.</summary>
    /// <inheritdoc cref="Build(TokenShardOptions, int, Func{string, IReadOnlyList{int}}, IProgress{CorpusProgress}?, CancellationToken)"/>
    public static TokenManifest Build(
        TokenShardOptions options,
        HuggingFaceTokenizer tokenizer,
        IProgress<CorpusProgress>? progress,
        CancellationToken cancellationToken
    ) => Build(options, tokenizer.VocabularySize, text => tokenizer.Encode(text, parseSpecial: false), progress, cancellationToken);

    /// <summary>Runs it.</summary>
    /// <param name="options">Folders, shard size, seed.</param>
    /// <param name="vocabularySize">Of the tokenizer; at most 65,536.</param>
    /// <param name="encode">Ids of a text, special tokens spelled in it read as text. Called from several threads.</param>
    /// <param name="progress">Told every few hundred documents; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked at every document.</param>
    /// <returns>The manifest that was written beside the shards.</returns>
    /// <exception cref="ArgumentException">The vocabulary does not fit 16 bits.</exception>
    public static TokenManifest Build(
        TokenShardOptions options,
        int vocabularySize,
        Func<string, IReadOnlyList<int>> encode,
        IProgress<CorpusProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (vocabularySize is < 1 or > ushort.MaxValue + 1)
        {
            throw new ArgumentException(
                $"the vocabulary has {vocabularySize} tokens; shards hold 16-bit ids, so at most {ushort.MaxValue + 1}"
            );
        }
        Directory.CreateDirectory(options.OutputDirectory);
        foreach (string stale in Directory.GetFiles(options.OutputDirectory, "*.bin"))
        {
            File.Delete(stale);
        }
        CorpusManifest corpus = CorpusManifest.Load(options.CorpusDirectory);
        var splits = new Dictionary<string, TokenSplit>();
        foreach (CorpusSplit split in Enum.GetValues<CorpusSplit>())
        {
            SplitManifest source = corpus.Splits[CorpusShard.FileName(split)];
            if (source.Documents > 0)
            {
                ushort[][] documents = Encode(options, split, source.Documents, encode, progress, cancellationToken);
                splits[CorpusShard.FileName(split)] = Write(options, split, documents, source.TextBytes);
            }
        }
        var manifest = new TokenManifest(vocabularySize, options.Seed, splits);
        File.WriteAllText(Path.Combine(options.OutputDirectory, "tokens.json"), JsonSerializer.Serialize(manifest, Json) + "\n");
        return manifest;
    }

    private static ushort[][] Encode(
        TokenShardOptions options,
        CorpusSplit split,
        int count,
        Func<string, IReadOnlyList<int>> encode,
        IProgress<CorpusProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        int done = 0;
        return
        [
            .. CorpusShard
                .Read(options.CorpusDirectory, split)
                .AsParallel()
                .AsOrdered()
                .WithCancellation(cancellationToken)
                .Select(document =>
                {
                    ushort[] ids = [.. encode(document.Text).Select(id => checked((ushort)id))];
                    int now = Interlocked.Increment(ref done);
                    if (now % 256 == 0 || now == count)
                    {
                        progress?.Report(new CorpusProgress($"encode {CorpusShard.FileName(split)}", now, count));
                    }
                    return (document.Path, Ids: ids);
                })
                .AsSequential()
                .OrderBy(document => SeededHash.Of(options.Seed, "order", document.Path))
                .Select(document => document.Ids),
        ];
    }

    private static TokenSplit Write(TokenShardOptions options, CorpusSplit split, ushort[][] documents, long textBytes)
    {
        var files = new List<string>();
        var shard = new List<ushort[]>();
        long tokens = 0;
        for (int i = 0; i < documents.Length; i++)
        {
            shard.Add(documents[i]);
            tokens += documents[i].Length;
            if (tokens >= options.ShardTokens || i == documents.Length - 1)
            {
                files.Add($"{CorpusShard.FileName(split)}-{files.Count:D5}.bin");
                TokenShard.Write(Path.Combine(options.OutputDirectory, files[^1]), shard);
                shard.Clear();
                tokens = 0;
            }
        }
        return new TokenSplit(documents.Length, documents.Sum(document => (long)document.Length), textBytes, files);
    }
}
