using System.Globalization;
using System.Text;
using System.Text.Json;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>A figure of both orders.</summary>
/// <param name="Name">What it counts.</param>
/// <param name="Together">Mean over the files, all holes at once.</param>
/// <param name="OneAfterAnother">Mean over the files, one hole after another.</param>
/// <param name="Difference">The first minus the second.</param>
public sealed record MultiHoleFigure(string Name, double Together, double OneAfterAnother, ConfidenceInterval Difference);

/// <summary>Filling the holes of a file at once against one after another, top to bottom.</summary>
/// <param name="Files">Number of files.</param>
/// <param name="Holes">Holes of each.</param>
/// <param name="Changed">Share of files in which the two fill differently.</param>
/// <param name="Figures">Shares, and forwards a file.</param>
/// <param name="Together">Every file, all holes at once.</param>
/// <param name="OneAfterAnother">Every file, one hole after another.</param>
public sealed record MultiHoleComparison(
    int Files,
    int Holes,
    double Changed,
    IReadOnlyList<MultiHoleFigure> Figures,
    IReadOnlyList<MultiHoleScore> Together,
    IReadOnlyList<MultiHoleScore> OneAfterAnother
)
{
    private const string ForwardsName = "forwards a file";

    private static readonly JsonSerializerOptions Json = new(CorpusShard.Json) { WriteIndented = true };

    /// <summary>Fills every file twice.</summary>
    /// <param name="engine">The loaded model; stays the caller's.</param>
    /// <param name="files">Files with the same number of holes.</param>
    /// <param name="options">Budget of a hole, sampling.</param>
    /// <param name="seed">Seed of the bootstrap, which draws files.</param>
    /// <param name="progress">Told after each file; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked at every file and inside the engine.</param>
    /// <exception cref="ArgumentException">No files.</exception>
    public static async Task<MultiHoleComparison> RunAsync(
        IInfillEngine engine,
        IReadOnlyList<MultiHole> files,
        InfillOptions options,
        int seed,
        IProgress<InfillEvaluationProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (files.Count == 0)
        {
            throw new ArgumentException("there are no files to fill; give at least one");
        }
        var together = new List<MultiHoleScore>();
        var oneByOne = new List<MultiHoleScore>();
        foreach (MultiHole file in files)
        {
            together.Add(await MultiHoleEvaluation.FillAsync(engine, file, options, MultiHoleOrder.Together, cancellationToken));
            oneByOne.Add(await MultiHoleEvaluation.FillAsync(engine, file, options, MultiHoleOrder.OneAfterAnother, cancellationToken));
            double exact = (double)together.Sum(score => score.Exact) / together.Sum(score => score.Holes);
            progress?.Report(new InfillEvaluationProgress(engine.Description.Model, together.Count, files.Count, exact));
        }
        return Compare(together, oneByOne, seed);
    }

    /// <summary>Compares scores of the same files.</summary>
    public static MultiHoleComparison Compare(
        IReadOnlyList<MultiHoleScore> together,
        IReadOnlyList<MultiHoleScore> oneAfterAnother,
        int seed
    )
    {
        return new MultiHoleComparison(
            together.Count,
            together[0].Holes,
            together.Zip(oneAfterAnother).Average(pair => pair.First.Fills!.SequenceEqual(pair.Second.Fills!) ? 0.0 : 1.0),
            [
                Figure("exact match", score => (double)score.Exact / score.Holes),
                Figure("all holes exact", score => score.AllExact ? 1 : 0),
                Figure("edit similarity", score => score.EditSimilarity),
                Figure("file parses", score => score.Parses ? 1 : 0),
                Figure(ForwardsName, score => score.Forwards),
            ],
            together,
            oneAfterAnother
        );

        MultiHoleFigure Figure(string name, Func<MultiHoleScore, double> value)
        {
            double[] first = [.. together.Select(value)];
            double[] second = [.. oneAfterAnother.Select(value)];
            return new MultiHoleFigure(name, first.Average(), second.Average(), PairedBootstrap.Difference(first, second, seed));
        }
    }

    /// <summary>Everything as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>The figures as a Markdown table.</summary>
    public string ToTable()
    {
        var table = new StringBuilder();
        table.Append(
            CultureInfo.InvariantCulture,
            $"{Files} files with {Holes} holes; in {100 * Changed:F1} % of them the fills differ.\n\n"
        );
        table.Append("| figure | together | one after another | difference | 95 % interval (paired bootstrap) |\n|---|--:|--:|--:|--:|\n");
        foreach (MultiHoleFigure figure in Figures)
        {
            (double scale, string unit) = figure.Name == ForwardsName ? (1, "") : (100, " %");
            (double mean, double low, double high) = figure.Difference;
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {figure.Name} | {scale * figure.Together:F1}{unit} | {scale * figure.OneAfterAnother:F1}{unit} | {scale * mean:+0.0;-0.0;0.0} | {scale * low:+0.0;-0.0;0.0} to {scale * high:+0.0;-0.0;0.0} |\n"
            );
        }
        return table.ToString();
    }
}
