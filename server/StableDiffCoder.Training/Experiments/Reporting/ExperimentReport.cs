using System.Globalization;
using System.Text;
using System.Text.Json;
using Plotly.NET;
using Plotly.NET.CSharp;
using StableDiffCoder.Training.Reporting;
using CSharpChart = Plotly.NET.CSharp.Chart;

namespace StableDiffCoder.Training.Experiments.Reporting;

/// <summary>Writes a result: result.json, result.md with tables, findings and runs, one SVG a plot, and a page on which plots can be looked into.</summary>
public static class ExperimentReport
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    /// <summary>Writes.</summary>
    /// <param name="experiment">What was run.</param>
    /// <param name="result">What it found.</param>
    /// <param name="context">The runs that it used.</param>
    /// <returns>The folder.</returns>
    public static string Write(IExperiment experiment, ExperimentResult result, ExperimentContext context)
    {
        string folder = Path.Combine(context.OutDirectory, experiment.Name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "result.json"), JsonSerializer.Serialize(result, Json) + "\n");
        File.WriteAllText(Path.Combine(folder, "result.md"), Markdown(experiment, result, context));
        foreach ((int i, ResultPlot plot) in result.Plots.Index())
        {
            File.WriteAllText(Path.Combine(folder, PlotFile(experiment, i)), SvgPlot.Draw(plot));
        }
        if (result.Plots.Count > 0)
        {
            OfflinePage.Write(Page(result), $"Experiment: {experiment.Name}", "", Path.Combine(folder, "plots.html"));
        }
        return folder;
    }

    private static string PlotFile(IExperiment experiment, int plot) => $"{experiment.Name}-{plot + 1}.svg";

    private static string Markdown(IExperiment experiment, ExperimentResult result, ExperimentContext context)
    {
        var text = new StringBuilder();
        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        void Row(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

        Line($"### {experiment.Title}");
        Line($"");
        foreach (string finding in result.Findings)
        {
            Line($"- {finding}");
        }
        foreach (ResultTable table in result.Tables)
        {
            Line($"");
            Line($"{table.Title}:");
            Line($"");
            Row(table.Columns);
            Row(table.Columns.Select((_, i) => i == 0 ? "---" : "--:"));
            foreach (IReadOnlyList<string> row in table.Rows)
            {
                Row(row);
            }
        }
        foreach ((int i, ResultPlot plot) in result.Plots.Index())
        {
            Line($"");
            Line($"![{plot.Title}]({PlotFile(experiment, i)})");
        }
        Line($"");
        Line($"Runs ({context.Runs.Sum(run => run.Seconds) / 60:0} minutes of updates in all; each one's config.json is in its folder):");
        Line($"");
        Row(["run", "seed", "tokens", "validation (nats)", "minutes"]);
        Row(["---", "--:", "--:", "--:", "--:"]);
        foreach (TrainedRun run in context.Runs)
        {
            Row([
                run.Name,
                run.Config.Seed.ToString(CultureInfo.InvariantCulture),
                Figures.Millions(run.Tokens),
                Figures.Number(run.ValidationLoss),
                Figures.Number(run.Seconds / 60, 1),
            ]);
        }
        return text.ToString();
    }

    private static GenericChart Page(ExperimentResult result) =>
        CSharpChart
            .Grid(result.Plots.Select(Chart), result.Plots.Count, 1, Pattern: StyleParam.LayoutGridPattern.Independent, YGap: 0.25)
            .WithSize(1300, 420 * result.Plots.Count);

    private static GenericChart Chart(ResultPlot plot) =>
        CSharpChart
            .Combine(
                plot.Series.Select(series =>
                    CSharpChart.Line<double, double, string>(series.X, series.Y, Name: $"{plot.Title}: {series.Name}", ShowMarkers: false)
                )
            )
            .WithXAxisStyle<double, double, string>(TitleText: plot.XTitle)
            .WithYAxisStyle<double, double, string>(
                TitleText: plot.YTitle,
                AxisType: plot.LogarithmicY ? StyleParam.AxisType.Log : StyleParam.AxisType.Linear
            );
}
