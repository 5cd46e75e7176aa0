using System.Text.Json;
using System.Text.Json.Serialization;
using StableDiffCoder.Training.Sft;

namespace StableDiffCoder.Training.Evaluation.Edits;

/// <summary>How a CanItEdit problem is asked.</summary>
public enum CanItEditInstruction
{
    /// <summary>In full: "instruction_descriptive".</summary>
    Descriptive,

    /// <summary>As people write: "instruction_lazy".</summary>
    Lazy,
}

/// <summary>A problem of CanItEdit (Cassano et al. 2023), named as published.</summary>
public sealed record CanItEditProblem
{
    /// <value>Its number.</value>
    public int Id { get; init; }

    /// <value>Its name.</value>
    public string Name { get; init; } = "";

    /// <value>Number and name.</value>
    public string FullName { get; init; } = "";

    /// <value>The program to edit.</value>
    public required string Before { get; init; }

    /// <value>A right answer; others pass the tests too.</value>
    public required string After { get; init; }

    /// <value>Code that fails for a wrong answer. It is never run here.</value>
    public string Tests { get; init; } = "";

    /// <value>What is asked, in full.</value>
    public required string InstructionDescriptive { get; init; }

    /// <value>What is asked, as people write.</value>
    public required string InstructionLazy { get; init; }

    /// <value>What kind of problem it is; null when the file does not say.</value>
    public CanItEditTaxonomy? Taxonomy { get; init; }

    /// <summary>The problem as an edit of its whole program; its kind is the published kind of change.</summary>
    public EditSample ToSample(CanItEditInstruction instruction) =>
        new(
            Taxonomy?.ChangeKind is { Length: > 0 } kind ? kind : "canitedit",
            instruction == CanItEditInstruction.Lazy ? InstructionLazy : InstructionDescriptive,
            Before,
            After,
            "",
            "",
            FullName.Length > 0 ? FullName : $"{Id}_{Name}"
        );
}

/// <summary>What kind of problem one is.</summary>
public sealed record CanItEditTaxonomy
{
    /// <value>"adaptive", "corrective" or "perfective".</value>
    public string ChangeKind { get; init; } = "";

    /// <value>Libraries that it uses.</value>
    public IReadOnlyList<string> Libraries { get; init; } = [];

    /// <value>"Data Structures", "Math", …</value>
    public string Topic { get; init; } = "";
}

/// <summary>Reads CanItEdit's file: one JSON object a line, or one list of them.</summary>
public static class CanItEditFile
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
    };

    /// <summary>Reads the problems.</summary>
    /// <exception cref="InvalidDataException">It is no such file; the message names file and line.</exception>
    public static IReadOnlyList<CanItEditProblem> Read(string path)
    {
        string text = File.ReadAllText(path);
        if (text.AsSpan().TrimStart().StartsWith("["))
        {
            return Parse<CanItEditProblem[]>(text, path, null);
        }
        string[] lines = text.Split('\n');
        return
        [
            .. Enumerable
                .Range(0, lines.Length)
                .Where(line => !string.IsNullOrWhiteSpace(lines[line]))
                .Select(line => Parse<CanItEditProblem>(lines[line], path, line + 1)),
        ];
    }

    private static T Parse<T>(string json, string path, int? line)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Json) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            string place = line is null ? path : $"{path}, line {line}";
            throw new InvalidDataException(
                $"{place}: not a CanItEdit problem ({error.Message}); it needs before, after, instruction_descriptive and instruction_lazy.",
                error
            );
        }
    }
}
