using System.Text.Json;
using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>
/// Answers with fills that another filler made before, so that a baseline whose training text is not at hand can still be compared with.
/// The file has one <see cref="HoleScore"/> a line.
/// </summary>
public sealed class RecordedHoleFiller : IHoleFiller
{
    private readonly string path;
    private readonly Dictionary<(string Id, HoleKind Kind), HoleScore> scores;

    private RecordedHoleFiller(string path, IReadOnlyList<HoleScore> scores)
    {
        this.path = path;
        this.scores = scores.ToDictionary(score => (score.Id, score.Kind));
        Name = scores[0].Filler;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Reads a file that <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A line is not a score, a hole is there twice, or the file is empty; the message says where.</exception>
    public static RecordedHoleFiller Read(string path)
    {
        var scores = new List<HoleScore>();
        var seen = new HashSet<(string, HoleKind)>();
        foreach (string line in File.ReadLines(path))
        {
            HoleScore score = Parse(line, path, scores.Count + 1);
            if (!seen.Add((score.Id, score.Kind)))
            {
                throw new InvalidDataException($"{path}, line {scores.Count + 1}: the hole '{score.Id}' is there twice");
            }
            scores.Add(score);
        }
        return scores.Count > 0 ? new RecordedHoleFiller(path, scores) : throw new InvalidDataException($"{path} is empty");
    }

    /// <summary>Writes the scores of one filler, one a line, LF line ends.</summary>
    public static void Write(string path, IEnumerable<HoleScore> scores)
    {
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        foreach (HoleScore score in scores)
        {
            writer.WriteLine(JsonSerializer.Serialize(score, CorpusShard.Json));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The hole is not in the file.</exception>
    public Task<HoleFill> FillAsync(Hole hole, int maxNewTokens, CancellationToken cancellationToken) =>
        scores.TryGetValue((hole.Id, hole.Kind), out HoleScore? score)
            ? Task.FromResult(new HoleFill(score.Text, score.Tokens, score.Forwards, score.Milliseconds))
            : throw new InvalidDataException($"{path} has no fill of the hole '{hole.Id}'; record it anew on the same holes");

    private static HoleScore Parse(string line, string path, int number)
    {
        try
        {
            var score = JsonSerializer.Deserialize<HoleScore>(line, CorpusShard.Json);
            return score is { Id: not null, Filler: not null, Text: not null }
                ? score
                : throw new JsonException("id, filler or text is missing");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}, line {number}: not a recorded fill ({error.Message})", error);
        }
    }
}
