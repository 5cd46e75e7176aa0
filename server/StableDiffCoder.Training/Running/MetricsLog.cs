using System.Text.Json;

namespace StableDiffCoder.Training.Running;

/// <summary>Appends metrics to a JSON-lines file, one line an update, unbuffered: a killed run loses none.</summary>
public sealed class MetricsLog : IDisposable
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly string path;
    private readonly FileStream file;

    /// <summary>Opens the file for appending.</summary>
    /// <exception cref="TrainingException">It cannot be written.</exception>
    public MetricsLog(string path)
    {
        this.path = path;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(error);
        }
    }

    /// <summary>Reads a metrics file back. Where a run was resumed from an earlier checkpoint, the later line of an update wins.</summary>
    /// <exception cref="TrainingException">The file is missing or a line is damaged; the message names it.</exception>
    public static IReadOnlyList<TrainingMetrics> Read(string path)
    {
        try
        {
            var byTokens = new Dictionary<long, TrainingMetrics>();
            int number = 0;
            foreach (string line in File.ReadLines(path))
            {
                number++;
                TrainingMetrics metrics = ParseLine(path, number, line);
                byTokens[metrics.Tokens] = metrics;
            }
            return [.. byTokens.Values.OrderBy(metrics => metrics.Tokens)];
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
    /// <exception cref="TrainingException">The disk is full or not writable.</exception>
    public void Write(TrainingMetrics metrics)
    {
        try
        {
            file.Write([.. JsonSerializer.SerializeToUtf8Bytes(metrics, Json), (byte)'\n']);
        }
        catch (IOException error)
        {
            throw NotWritten(error);
        }
    }

    private TrainingException NotWritten(Exception error) =>
        new($"{path} cannot be written: {error.Message} Free space or choose another 'out', and resume; checkpoints are intact.", error);

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
