using StableDiffCoder.Training.Running;

namespace StableDiffCoder.Training.Experiments;

/// <summary>The corpus that experiments train on and draw holes from, as docs/training.md makes it.</summary>
/// <param name="Tokenizer">tokenizer.json.</param>
/// <param name="Train">Token shards to train on.</param>
/// <param name="Validation">Token shards to validate on.</param>
/// <param name="Corpus">Folder of the text; its test split gives the holes.</param>
public sealed record ExperimentData(string Tokenizer, IReadOnlyList<string> Train, IReadOnlyList<string> Validation, string Corpus)
{
    /// <summary>Finds the parts in a folder: tokenizer.json, tokens/ and corpus/.</summary>
    /// <exception cref="TrainingException">One is missing; the message names it.</exception>
    public static ExperimentData Open(string directory)
    {
        string tokens = Path.Combine(directory, "tokens");
        string[] Shards(string split) =>
            Directory.Exists(tokens) ? [.. Directory.GetFiles(tokens, $"{split}-*.bin").Order(StringComparer.Ordinal)] : [];

        var data = new ExperimentData(
            Path.Combine(directory, "tokenizer.json"),
            Shards("train"),
            Shards("validation"),
            Path.Combine(directory, "corpus")
        );
        string? missing =
            !File.Exists(data.Tokenizer) ? data.Tokenizer
            : data.Train.Count == 0 ? Path.Combine(tokens, "train-*.bin")
            : data.Validation.Count == 0 ? Path.Combine(tokens, "validation-*.bin")
            : !Directory.Exists(data.Corpus) ? data.Corpus
            : null;
        return missing is null
            ? data
            : throw new TrainingException($"{missing} is missing; make it as docs/training.md says, or name its folder by --data.");
    }
}
