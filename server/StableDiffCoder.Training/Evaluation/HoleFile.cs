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
    public static IReadOnlyList<Hole> Read(string path) => [.. ReadLines(path, "a hole", Holes).SelectMany(holes => holes)];

    /// <summary>The texts of a file of excerpts, answers included: the longest of each source file, in the order of the file.</summary>
    /// <exception cref="InvalidDataException">A line is not an excerpt; the message names file and line.</exception>
    public static IReadOnlyList<CorpusDocument> ReadTexts(string path) =>
        [
            .. ReadLines(path, "an excerpt", line => ExcerptOf(line) ?? throw new JsonException("it has no file, text or holes"))
                .GroupBy(excerpt => excerpt.File)
                .Select(file => new CorpusDocument(file.Key, "original", file.MaxBy(excerpt => excerpt.Text.Length)!.Text)),
        ];

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

    private static HoleExcerpt? ExcerptOf(string line)
    {
        var excerpt = JsonSerializer.Deserialize<HoleExcerpt>(line, CorpusShard.Json);
        return excerpt is { File: not null, Text: not null, Holes: not null } && !excerpt.Holes.Contains(null!) ? excerpt : null;
    }

    private static Hole[] Holes(string line)
    {
        if (ExcerptOf(line) is HoleExcerpt excerpt)
        {
            return [.. excerpt.Cut()];
        }
        var hole = JsonSerializer.Deserialize<Hole>(line, CorpusShard.Json);
        return hole is { Id: not null, Prefix: not null, Suffix: not null, Answer: not null }
            ? [hole]
            : throw new JsonException("id, prefix, suffix or answer is missing");
    }

    private static IEnumerable<T> ReadLines<T>(string path, string what, Func<string, T> parse)
    {
        foreach ((int index, string line) in File.ReadLines(path).Index().Where(line => line.Item.Length > 0))
        {
            T value;
            try
            {
                value = parse(line);
            }
            catch (Exception error) when (error is JsonException or InvalidDataException)
            {
                throw new InvalidDataException($"{path}, line {index + 1}: not {what} ({error.Message})", error);
            }
            yield return value;
        }
    }
}
