using System.Text.Json;

namespace StableDiffCoder.Training.Running;

/// <summary>One line of a run's metrics.jsonl, and one report to whoever watches.</summary>
public sealed record TrainingMetrics
{
    /// <value>"ar" or "cpt".</value>
    public required string Stage { get; init; }

    /// <value>Updates of this stage so far, and of all of it.</value>
    public required int Update { get; init; }

    /// <value>Updates of this stage.</value>
    public required int Updates { get; init; }

    /// <value>Tokens of the whole run so far.</value>
    public required long Tokens { get; init; }

    /// <value>Training loss of this update, nats a loss-eligible token.</value>
    public required double Loss { get; init; }

    /// <value>Gradient norm before clipping.</value>
    public required double GradientNorm { get; init; }

    /// <value>Share of tokens masked.</value>
    public double MaskRate { get; init; }

    /// <value>Learning rate of this update.</value>
    public required double LearningRate { get; init; }

    /// <value>Tokens a second of this update.</value>
    public required double TokensPerSecond { get; init; }

    /// <value>Validation loss where one was measured: negative log-likelihood (ar) or NELBO on a fixed grid of t (cpt), nats a token.</value>
    public double? ValidationLoss { get; init; }

    /// <value>Seconds the run has left at this pace.</value>
    public double? SecondsLeft { get; init; }
}

/// <summary>Appends metrics to a JSON-lines file, one flushed line an update.</summary>
public sealed class MetricsLog : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly StreamWriter writer;

    /// <summary>Opens the file for appending.</summary>
    public MetricsLog(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        writer = new StreamWriter(path, append: true) { AutoFlush = true };
    }

    /// <summary>Reads a metrics file back. Where a run was resumed from an earlier checkpoint, the later line of an update wins.</summary>
    /// <exception cref="TrainingException">The file is missing or a line is damaged; the message names it.</exception>
    public static IReadOnlyList<TrainingMetrics> Read(string path)
    {
        try
        {
            var byUpdate = new Dictionary<(string, int), TrainingMetrics>();
            int number = 0;
            foreach (string line in File.ReadLines(path))
            {
                number++;
                TrainingMetrics metrics = ParseLine(path, number, line);
                byUpdate[(metrics.Stage, metrics.Update)] = metrics;
            }
            return [.. byUpdate.Values.OrderBy(metrics => metrics.Tokens)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"{path} cannot be read: {error.Message}", error);
        }
    }

    private static TrainingMetrics ParseLine(string path, int number, string line)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingMetrics>(line, Json) ?? throw new JsonException("the line is null");
        }
        catch (JsonException error)
        {
            throw new TrainingException($"{path} line {number} is damaged ({error.Message}); delete that line.", error);
        }
    }

    /// <summary>Appends a line.</summary>
    public void Write(TrainingMetrics metrics) => writer.WriteLine(JsonSerializer.Serialize(metrics, Json));

    /// <inheritdoc/>
    public void Dispose() => writer.Dispose();
}
