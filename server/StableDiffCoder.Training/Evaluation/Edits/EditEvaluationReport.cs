using System.Globalization;
using System.Text;
using System.Text.Json;
using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Evaluation.Edits;

/// <summary>One sample and what an editor made of it.</summary>
/// <param name="Kind">Kind of the edit.</param>
/// <param name="Instruction">What was asked.</param>
/// <param name="Path">Where the code is from.</param>
/// <param name="Editor">Who edited.</param>
/// <param name="Text">The answer.</param>
/// <param name="Exact">Whether it equals the right one, line ends and blanks around it not counted.</param>
/// <param name="Parses">Whether it is C# without syntax errors; null where the right answer is none.</param>
/// <param name="EditSimilarity">1 − Levenshtein distance to the right answer / longer length.</param>
/// <param name="Tokens">Tokens generated.</param>
/// <param name="Forwards">Runs of the model.</param>
/// <param name="Milliseconds">Wall-clock time.</param>
/// <param name="Failure">Why there is no answer; null when there is.</param>
public sealed record EditScore(
    string Kind,
    string Instruction,
    string Path,
    string Editor,
    string Text,
    bool Exact,
    bool? Parses,
    double EditSimilarity,
    int Tokens,
    int Forwards,
    double Milliseconds,
    string? Failure
);

/// <summary>The figures of one editor on one kind of edit.</summary>
/// <param name="Kind">The kind, or "all".</param>
/// <param name="Editor">Its name.</param>
/// <param name="Edits">Number of samples.</param>
/// <param name="ExactMatch">Share that is exact.</param>
/// <param name="ParseRate">Share that parses; null where that cannot be told.</param>
/// <param name="EditSimilarity">Mean similarity to the right answer.</param>
/// <param name="TokensPerForward">Tokens of all answers divided by forwards of all answers.</param>
/// <param name="Milliseconds">Mean time an edit.</param>
public sealed record EditFigures(
    string Kind,
    string Editor,
    int Edits,
    double ExactMatch,
    double? ParseRate,
    double EditSimilarity,
    double TokensPerForward,
    double Milliseconds
);

/// <summary>How far the model is ahead of changing nothing, on one kind of edit.</summary>
/// <param name="Kind">The kind, or "all".</param>
/// <param name="ExactMatch">Difference of the shares that are exact.</param>
public sealed record EditDifference(string Kind, ConfidenceInterval ExactMatch);

/// <summary>The result of an evaluation of edits.</summary>
/// <param name="Figures">By kind and editor.</param>
/// <param name="Differences">Model minus baseline, by kind.</param>
/// <param name="Scores">Every sample of both.</param>
public sealed record EditEvaluationReport(
    IReadOnlyList<EditFigures> Figures,
    IReadOnlyList<EditDifference> Differences,
    IReadOnlyList<EditScore> Scores
)
{
    private static readonly JsonSerializerOptions Json = new(CorpusShard.Json) { WriteIndented = true };

    /// <summary>The whole report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>The figures as a Markdown table, the model's exact match with its 95 % interval over the baseline.</summary>
    public string ToTable()
    {
        var table = new StringBuilder();
        table.Append("| edit | editor | n | exact match | 95 % (bootstrap) | parses | edit similarity | tokens/forward | ms |\n");
        table.Append("|---|---|--:|--:|--:|--:|--:|--:|--:|\n");
        foreach (EditFigures row in Figures)
        {
            ConfidenceInterval? interval =
                row.Editor == Figures[0].Editor ? Differences.FirstOrDefault(difference => difference.Kind == row.Kind)?.ExactMatch : null;
            string bounds = interval is null
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $"{100 * interval.Low:+0.0;-0.0;0.0} to {100 * interval.High:+0.0;-0.0;0.0}");
            string parses = row.ParseRate is double rate ? string.Create(CultureInfo.InvariantCulture, $"{100 * rate:F1} %") : "";
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Kind} | {row.Editor} | {row.Edits} | {100 * row.ExactMatch:F1} % | {bounds} | {parses} | {100 * row.EditSimilarity:F1} % | {row.TokensPerForward:F2} | {row.Milliseconds:F1} |\n"
            );
        }
        return table.ToString();
    }
}
