using System.Text.Json;

namespace StableDiffCoder.Training.Corpus;

/// <summary>One shard file.</summary>
/// <param name="File">Name in the corpus folder.</param>
/// <param name="Documents">Lines.</param>
/// <param name="TextBytes">UTF-8 bytes of the texts, without the JSON around them.</param>
/// <param name="Sha256">Of the file, hexadecimal.</param>
public sealed record ShardManifest(string File, int Documents, long TextBytes, string Sha256);

/// <summary>One source.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version, empty when unknown.</param>
/// <param name="BytesByLicence">UTF-8 bytes of its texts in the corpus, by licence.</param>
public sealed record SourceManifest(string Name, string Version, IReadOnlyDictionary<string, long> BytesByLicence);

/// <summary>One split.</summary>
/// <param name="Documents">Files.</param>
/// <param name="TextBytes">UTF-8 bytes of the texts.</param>
/// <param name="ModernDocuments">Files whose style was rewritten.</param>
/// <param name="Folders">The folders that were held out for it, with the source's name; empty for train.</param>
/// <param name="Shards">The files.</param>
public sealed record SplitManifest(
    int Documents,
    long TextBytes,
    int ModernDocuments,
    IReadOnlyList<string> Folders,
    IReadOnlyList<ShardManifest> Shards
);

/// <summary>What a corpus folder holds and how it came to be; manifest.json in that folder.</summary>
public sealed record CorpusManifest
{
    private static readonly JsonSerializerOptions Json = new(CorpusShard.Json) { WriteIndented = true };

    /// <value>Files with a wanted ending that were looked at.</value>
    public required int FilesSeen { get; init; }

    /// <value>Files left out, by reason.</value>
    public required IReadOnlyDictionary<string, int> Dropped { get; init; }

    /// <value>The sources.</value>
    public required IReadOnlyList<SourceManifest> Sources { get; init; }

    /// <value>The splits, by the names that the shard files begin with.</value>
    public required IReadOnlyDictionary<string, SplitManifest> Splits { get; init; }

    /// <value>Seed of every choice by chance.</value>
    public required int Seed { get; init; }

    /// <summary>Reads the manifest of a corpus folder.</summary>
    public static CorpusManifest Load(string corpusDirectory)
    {
        string file = Path.Combine(corpusDirectory, "manifest.json");
        return JsonSerializer.Deserialize<CorpusManifest>(File.ReadAllBytes(file), Json)
            ?? throw new InvalidDataException($"{file} is empty");
    }

    /// <summary>Writes manifest.json.</summary>
    public void Save(string corpusDirectory) =>
        File.WriteAllText(Path.Combine(corpusDirectory, "manifest.json"), JsonSerializer.Serialize(this, Json) + "\n");
}
