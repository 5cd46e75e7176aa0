namespace StableDiffCoder.Training.Corpus;

/// <summary>How a corpus is made. The one source of these defaults.</summary>
public sealed record CorpusOptions
{
    /// <value>The source trees.</value>
    public required IReadOnlyList<CorpusSource> Sources { get; init; }

    /// <value>Folder that receives the shards and manifest.json; made when it does not exist.</value>
    public required string OutputDirectory { get; init; }

    /// <value>Largest file in bytes. Default 200 KiB.</value>
    public int MaxFileBytes { get; init; } = 200 * 1024;

    /// <value>Smallest text in characters after the licence header is gone. Default 200.</value>
    public int MinTextLength { get; init; } = 200;

    /// <value>A file whose estimated Jaccard similarity of 5-line shingles to an earlier file is at least this is dropped. Default 0.7.</value>
    public double NearDuplicateSimilarity { get; init; } = 0.7;

    /// <value>A training file is dropped when at least this share of its shingles occurs in a held-out file. Default 0.3.</value>
    public double LeakShare { get; init; } = 0.3;

    /// <value>Share of project folders for each of validation and test, where a source names none. Default 0.03.</value>
    public double HeldOutShare { get; init; } = 0.03;

    /// <value>Share of C# files rewritten to today's style. Default 0.75.</value>
    public double ModernStyleShare { get; init; } = 0.75;

    /// <value>Share of files with CRLF line ends; the rest has LF. Default 0.05.</value>
    public double CrlfShare { get; init; } = 0.05;

    /// <value>Most bytes of text in a shard file. Default 64 MiB.</value>
    public long ShardBytes { get; init; } = 64L << 20;

    /// <value>Seed of every choice by chance (style, line ends, split by hash). Default 0.</value>
    public int Seed { get; init; }

    /// <summary>Throws when an option is out of bounds or a folder is missing.</summary>
    /// <exception cref="ArgumentException">Names the option, its value and what is allowed.</exception>
    public void Validate()
    {
        Require(Sources.Count > 0, "sources is empty; give at least one folder");
        foreach (CorpusSource source in Sources)
        {
            Require(Directory.Exists(source.Root), $"the folder '{source.Root}' of source '{source.Name}' does not exist");
            Require(
                source.Extensions.Count > 0 && source.Extensions.All(ending => ending.StartsWith('.')),
                $"extensions of source '{source.Name}' must be endings such as '.cs'"
            );
        }
        Require(Sources.Select(source => source.Name).Distinct().Count() == Sources.Count, "two sources have the same name; rename one");
        Require(MaxFileBytes > 0, $"maxFileBytes is {MaxFileBytes}; use 1 or more");
        Require(ShardBytes > 0, $"shardBytes is {ShardBytes}; use 1 or more");
        RequireShare(NearDuplicateSimilarity, nameof(NearDuplicateSimilarity));
        RequireShare(LeakShare, nameof(LeakShare));
        RequireShare(HeldOutShare, nameof(HeldOutShare));
        RequireShare(ModernStyleShare, nameof(ModernStyleShare));
        RequireShare(CrlfShare, nameof(CrlfShare));
        Require(HeldOutShare <= 0.4, $"heldOutShare is {HeldOutShare}; use at most 0.4, as it counts for validation and test each");
    }

    private static void RequireShare(double value, string name) => Require(value is >= 0 and <= 1, $"{name} is {value}; use 0 to 1");

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException(message);
        }
    }
}
