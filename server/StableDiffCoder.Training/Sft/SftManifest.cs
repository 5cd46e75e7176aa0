using System.Text.Json;
using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Sft;

/// <summary>What one split came to.</summary>
/// <param name="File">Its file.</param>
/// <param name="Samples">Lines.</param>
/// <param name="ByKind">Samples of each kind.</param>
public sealed record SftSplit(string File, int Samples, IReadOnlyDictionary<string, int> ByKind);

/// <summary>What a folder of edit samples holds; sft.json in that folder.</summary>
/// <param name="Seed">Seed of all choices.</param>
/// <param name="Splits">By "train", "validation" and "test".</param>
public sealed record SftManifest(int Seed, IReadOnlyDictionary<string, SftSplit> Splits)
{
    private static readonly JsonSerializerOptions Json = new(CorpusShard.Json) { WriteIndented = true };

    /// <summary>Writes sft.json.</summary>
    public void Save(string directory) =>
        File.WriteAllText(Path.Combine(directory, "sft.json"), JsonSerializer.Serialize(this, Json) + "\n");
}
