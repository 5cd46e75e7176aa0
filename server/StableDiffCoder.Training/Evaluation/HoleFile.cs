using System.Text.Json;
using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>Holes as JSON lines: <c>{"id":…,"kind":"single-line","prefix":…,"suffix":…,"answer":…}</c>.</summary>
public static class HoleFile
{
    /// <summary>Reads a file of holes.</summary>
    /// <exception cref="InvalidDataException">A line is not a hole; the message names file and line.</exception>
    public static IReadOnlyList<Hole> Read(string path)
    {
        var holes = new List<Hole>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.Length > 0)
            {
                holes.Add(Parse(line, path, number));
            }
        }
        return holes;
    }

    /// <summary>Writes a file of holes, one a line, LF line ends.</summary>
    public static void Write(string path, IEnumerable<Hole> holes)
    {
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        foreach (Hole hole in holes)
        {
            writer.WriteLine(JsonSerializer.Serialize(hole, CorpusShard.Json));
        }
    }

    private static Hole Parse(string line, string path, int number)
    {
        try
        {
            var hole = JsonSerializer.Deserialize<Hole>(line, CorpusShard.Json);
            return hole is { Id: not null, Prefix: not null, Suffix: not null, Answer: not null }
                ? hole
                : throw new JsonException("id, prefix, suffix or answer is missing");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}, line {number}: not a hole ({error.Message})", error);
        }
    }
}
