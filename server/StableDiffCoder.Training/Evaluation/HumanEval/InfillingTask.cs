using System.Text.Json;
using System.Text.Json.Serialization;

namespace StableDiffCoder.Training.Evaluation.HumanEval;

/// <summary>A task of HumanEval-Infilling (Bavarian et al. 2022), with the names of its published JSON lines.</summary>
public sealed record InfillingTask
{
    /// <value>Such as "SingleLineInfilling/HumanEval/0/L0".</value>
    [JsonPropertyName("task_id")]
    public required string TaskId { get; init; }

    /// <value>The function that the test calls.</value>
    [JsonPropertyName("entry_point")]
    public required string EntryPoint { get; init; }

    /// <value>The text before the hole.</value>
    [JsonPropertyName("prompt")]
    public required string Prompt { get; init; }

    /// <value>The text behind it.</value>
    [JsonPropertyName("suffix")]
    public required string Suffix { get; init; }

    /// <value>What stood there.</value>
    [JsonPropertyName("canonical_solution")]
    public required string CanonicalSolution { get; init; }

    /// <value>Python that defines <c>check(candidate)</c>.</value>
    [JsonPropertyName("test")]
    public required string Test { get; init; }

    /// <summary>Whether one line is missing: a completion then ends with its first line.</summary>
    [JsonIgnore]
    public bool IsSingleLine => TaskId.StartsWith("SingleLineInfilling/", StringComparison.Ordinal);

    /// <summary>The task as a hole.</summary>
    public Hole ToHole() => new(TaskId, IsSingleLine ? HoleKind.SingleLine : HoleKind.RandomSpan, Prompt, Suffix, CanonicalSolution);

    /// <summary>A fill as it goes between prompt and suffix: a line gets its line end back where the suffix begins with the next line.</summary>
    public string Completion(string fill) =>
        IsSingleLine && Suffix.Length > 0 && Suffix[0] is not ('\n' or '\r') && !fill.EndsWith('\n') ? fill + "\n" : fill;

    /// <summary>The program that fails when the completion is wrong, as the published harness puts it together.</summary>
    public string Program(string completion) => $"{Prompt}{completion}{Suffix}\n{Test}\ncheck({EntryPoint})\n";

    /// <summary>Reads a file, as published after unpacking.</summary>
    /// <exception cref="InvalidDataException">A line is not a task; the message names file and line.</exception>
    public static IReadOnlyList<InfillingTask> Read(string path)
    {
        var tasks = new List<InfillingTask>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (line.Trim().Length > 0)
            {
                tasks.Add(Parse(line, path, number));
            }
        }
        return tasks.Count > 0 ? tasks : throw new InvalidDataException($"{path} holds no tasks");
    }

    private static InfillingTask Parse(string line, string path, int number)
    {
        try
        {
            return
                JsonSerializer.Deserialize<InfillingTask>(line)
                    is {
                        TaskId: not null,
                        EntryPoint: not null,
                        Prompt: not null,
                        Suffix: not null,
                        CanonicalSolution: not null,
                        Test: not null
                    } task
                ? task
                : throw new JsonException("a field is null");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path}, line {number}: not a task of HumanEval-Infilling ({error.Message})", error);
        }
    }
}
