using System.Globalization;
using System.Text;
using System.Text.Json;
using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>One hole and what a filler made of it.</summary>
/// <param name="Id">The hole.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Filler">Who filled it.</param>
/// <param name="Text">The fill.</param>
/// <param name="Exact">Whether it equals the answer, both trimmed.</param>
/// <param name="EditSimilarity">1 − Levenshtein distance / longer length, both trimmed.</param>
/// <param name="Tokens">Tokens generated.</param>
/// <param name="Forwards">Runs of the model.</param>
/// <param name="Milliseconds">Wall-clock time.</param>
/// <param name="Parses">Whether the file with the fill has no more syntax errors than with the answer: none, for a whole file.</param>
public sealed record HoleScore(
    string Id,
    HoleKind Kind,
    string Filler,
    string Text,
    bool Exact,
    double EditSimilarity,
    int Tokens,
    int Forwards,
    double Milliseconds,
    bool Parses = false
);

/// <summary>The figures of one filler on one kind of hole.</summary>
/// <param name="Filler">Its name.</param>
/// <param name="Kind">The kind.</param>
/// <param name="Holes">Number of holes.</param>
/// <param name="ExactMatch">Share filled exactly.</param>
/// <param name="EditSimilarity">Mean similarity.</param>
/// <param name="TokensPerForward">Tokens of all fills divided by forwards of all fills.</param>
/// <param name="Milliseconds">Mean time a hole.</param>
/// <param name="ParseRate">Share of files that parse with the fill.</param>
public sealed record FillerFigures(
    string Filler,
    HoleKind Kind,
    int Holes,
    double ExactMatch,
    double EditSimilarity,
    double TokensPerForward,
    double Milliseconds,
    double ParseRate
);

/// <summary>How far the model is ahead of the baseline on one kind of hole.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="ExactMatch">Difference of the shares filled exactly.</param>
/// <param name="EditSimilarity">Difference of the mean similarities.</param>
/// <param name="ParseRate">Difference of the shares that parse.</param>
/// <param name="Filler">Who is ahead, or behind.</param>
public sealed record FillerDifference(
    HoleKind Kind,
    ConfidenceInterval ExactMatch,
    ConfidenceInterval EditSimilarity,
    ConfidenceInterval ParseRate,
    string Filler = ""
);

/// <summary>The result of an infill evaluation.</summary>
/// <param name="Figures">By filler and kind.</param>
/// <param name="Differences">Each filler minus the last; empty when there was only one.</param>
/// <param name="Scores">Every hole of every filler.</param>
public sealed record InfillEvaluationReport(
    IReadOnlyList<FillerFigures> Figures,
    IReadOnlyList<FillerDifference> Differences,
    IReadOnlyList<HoleScore> Scores
)
{
    private static readonly JsonSerializerOptions Json = new(CorpusShard.Json) { WriteIndented = true };

    /// <summary>The whole report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>The figures and differences as Markdown tables.</summary>
    public string ToTable()
    {
        var table = new StringBuilder();
        table.Append(
            "| holes | filler | n | exact match | edit similarity | parses | tokens/forward | ms |\n|---|---|--:|--:|--:|--:|--:|--:|\n"
        );
        foreach (FillerFigures row in Figures)
        {
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {HoleKindWords.Of(row.Kind)} | {row.Filler} | {row.Holes} | {100 * row.ExactMatch:F1} % | {100 * row.EditSimilarity:F1} % | {100 * row.ParseRate:F1} % | {row.TokensPerForward:F2} | {row.Milliseconds:F1} |\n"
            );
        }
        if (Differences.Count > 0)
        {
            table.Append("\n| holes | difference | mean | 95 % interval (paired bootstrap) |\n|---|---|--:|--:|\n");
        }
        bool isOne = Differences.Select(row => row.Filler).Distinct().Count() <= 1;
        foreach (FillerDifference row in Differences)
        {
            string who = isOne ? "" : $"{row.Filler}: ";
            AppendInterval(table, row.Kind, $"{who}exact match", row.ExactMatch);
            AppendInterval(table, row.Kind, $"{who}edit similarity", row.EditSimilarity);
            AppendInterval(table, row.Kind, $"{who}parses", row.ParseRate);
        }
        return table.ToString();
    }

    private static void AppendInterval(StringBuilder table, HoleKind kind, string name, ConfidenceInterval interval) =>
        table.Append(
            CultureInfo.InvariantCulture,
            $"| {HoleKindWords.Of(kind)} | {name} | {100 * interval.Mean:+0.0;-0.0;0.0} | {100 * interval.Low:+0.0;-0.0;0.0} to {100 * interval.High:+0.0;-0.0;0.0} |\n"
        );
}
