namespace StableDiffCoder.Training.Tokens;

/// <summary>How a corpus is turned into token shards. The one source of these defaults.</summary>
public sealed record TokenShardOptions
{
    /// <value>A folder that the corpus builder wrote.</value>
    public required string CorpusDirectory { get; init; }

    /// <value>Folder that receives the shards and tokens.json; made when it does not exist.</value>
    public required string OutputDirectory { get; init; }

    /// <value>Most tokens in a shard, a document that crosses the limit not counted. Default 2^24.</value>
    public int ShardTokens { get; init; } = 1 << 24;

    /// <value>Seed of the order of the documents. Default 0.</value>
    public int Seed { get; init; }
}

/// <summary>What one split came to.</summary>
/// <param name="Documents">Documents.</param>
/// <param name="Tokens">Tokens.</param>
/// <param name="TextBytes">UTF-8 bytes of the text behind them; divided by the tokens it is the compression.</param>
/// <param name="Files">Shard files, in order.</param>
public sealed record TokenSplit(int Documents, long Tokens, long TextBytes, IReadOnlyList<string> Files);

/// <summary>What a folder of token shards holds; tokens.json in that folder.</summary>
/// <param name="VocabularySize">Every id is below this.</param>
/// <param name="Seed">Seed of the order of the documents.</param>
/// <param name="Splits">By "train", "validation" and "test".</param>
public sealed record TokenManifest(int VocabularySize, int Seed, IReadOnlyDictionary<string, TokenSplit> Splits);
