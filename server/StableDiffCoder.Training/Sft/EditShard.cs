using System.Text.Json;
using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Sft;

/// <summary>Edit samples as JSON lines: <c>{"kind":…,"instruction":…,"before":…,"after":…,"prefix":…,"suffix":…,"path":…}</c>.</summary>
public static class EditShard
{
    /// <summary>The file of a split.</summary>
    public static string FileName(CorpusSplit split) => $"{CorpusShard.FileName(split)}-edits-00000.jsonl";

    /// <summary>Writes a file, LF line ends.</summary>
    public static void Write(string path, IEnumerable<EditSample> samples)
    {
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        foreach (EditSample sample in samples)
        {
            writer.WriteLine(JsonSerializer.Serialize(sample, CorpusShard.Json));
        }
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">A line is not a sample; the message names file and line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<EditSample> Read(string path)
    {
        var samples = new List<EditSample>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.Length > 0)
            {
                samples.Add(Parse(line, path, number));
            }
        }
        return samples;
    }

    private static EditSample Parse(string line, string path, int number)
    {
        try
        {
            var sample = JsonSerializer.Deserialize<EditSample>(line, CorpusShard.Json);
            return
                sample is { Kind: not null, Instruction: not null, Before: not null, After: not null, Prefix: not null, Suffix: not null }
                ? sample with
                {
                    Path = sample.Path ?? "",
                }
                : throw new JsonException("kind, instruction, before, after, prefix or suffix is missing");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException(
                $"{path}, line {number}: not an edit sample ({error.Message}); make it with `stable-diffcoder train sft-data`",
                error
            );
        }
    }
}
