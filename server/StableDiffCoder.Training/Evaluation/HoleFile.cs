using System.Text.Json;
using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>
/// Holes as JSON lines, each a hole: <c>{"id":…,"kind":"single-line","prefix":…,"suffix":…,"answer":…}</c>, or a <see cref="HoleExcerpt"/> with
/// several: <c>{"file":…,"offset":0,"text":…,"holes":[{"kind":…,"from":0,"start":12,"end":40,"to":900}]}</c>.
/// </summary>
public static class HoleFile
{
    /// <summary>Reads a file of holes.</summary>
    /// <exception cref="InvalidDataException">A line is neither of the two; the message names file and line.</exception>
    public static IReadOnlyList<Hole> Read(string path)
    {
        var holes = new List<Hole>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.Length > 0)
            {
                holes.AddRange(Parse(line, path, number));
            }
        }
        return holes;
    }

    /// <summary>Writes a hole a line, LF line ends.</summary>
    public static void Write(string path, IEnumerable<Hole> holes) => WriteLines(path, holes);

    /// <summary>Writes an excerpt a line, LF line ends: a text that several holes share is there once.</summary>
    /// <exception cref="ArgumentException">See <see cref="HoleExcerpt.Of"/>.</exception>
    public static void WriteExcerpts(string path, IEnumerable<Hole> holes) => WriteLines(path, HoleExcerpt.Of(holes));

    private static void WriteLines<T>(string path, IEnumerable<T> values)
    {
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        foreach (T value in values)
        {
            writer.WriteLine(JsonSerializer.Serialize(value, CorpusShard.Json));
        }
    }

    private static Hole[] Parse(string line, string path, int number)
    {
        try
        {
            var excerpt = JsonSerializer.Deserialize<HoleExcerpt>(line, CorpusShard.Json);
            if (excerpt is { File: not null, Text: not null, Holes: not null } && !excerpt.Holes.Contains(null!))
            {
                return [.. excerpt.Cut()];
            }
            var hole = JsonSerializer.Deserialize<Hole>(line, CorpusShard.Json);
            return hole is { Id: not null, Prefix: not null, Suffix: not null, Answer: not null }
                ? [hole]
                : throw new JsonException("id, prefix, suffix or answer is missing");
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            throw new InvalidDataException($"{path}, line {number}: not a hole ({error.Message})", error);
        }
    }
}
