using System.Globalization;
using Plotly.NET;
using Plotly.NET.CSharp;
using StableDiffCoder.Training.Running;
using CSharpChart = Plotly.NET.CSharp.Chart;

namespace StableDiffCoder.Training.Reporting;

/// <summary>
/// Draws a run's metrics as one self-contained HTML page: loss, validation loss, gradient norm, learning rate, mask rate and speed against
/// tokens. The charting library is inside the page; opening it needs no network.
/// </summary>
public static class TrainingReport
{
    private const double Smoothing = 0.98;

    /// <summary>Writes the page.</summary>
    /// <param name="metricsFile">A run's metrics.jsonl.</param>
    /// <param name="htmlFile">The page; replaced when whole.</param>
    /// <exception cref="TrainingException">The metrics are missing, empty or damaged; the message names the line.</exception>
    public static void Write(string metricsFile, string htmlFile)
    {
        IReadOnlyList<TrainingMetrics> metrics = MetricsLog.Read(metricsFile);
        if (metrics.Count == 0)
        {
            throw new TrainingException($"{metricsFile} has no updates yet; wait for the first, or check --run.");
        }
        GenericChart grid = CSharpChart
            .Grid(Charts(metrics), 3, 2, Pattern: StyleParam.LayoutGridPattern.Independent, XGap: 0.12, YGap: 0.16)
            .WithSize(1280, 1080);
        string run = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(metricsFile)))!;
        OfflinePage.Write(grid, $"Training: {run}", Summary(metrics), htmlFile);
    }

    private static IEnumerable<GenericChart> Charts(IReadOnlyList<TrainingMetrics> metrics) =>
        [
            PerStage(metrics, metric => metric.Loss, "training loss (nats a token, smoothed)", smooth: true),
            PerStage(
                [.. metrics.Where(metric => metric.ValidationLoss is not null)],
                metric => metric.ValidationLoss!.Value,
                "validation: NLL (ar), NELBO (cpt)"
            ),
            PerStage(metrics, metric => metric.GradientNorm, "gradient norm, before clipping", logarithmic: true),
            PerStage(metrics, metric => metric.LearningRate, "learning rate"),
            PerStage(metrics, metric => metric.MaskRate, "share of tokens masked"),
            PerStage(metrics, metric => metric.TokensPerSecond, "tokens a second", smooth: true),
        ];

    private static GenericChart PerStage(
        IReadOnlyList<TrainingMetrics> metrics,
        Func<TrainingMetrics, double> value,
        string title,
        bool smooth = false,
        bool logarithmic = false
    )
    {
        IEnumerable<GenericChart> lines = metrics
            .GroupBy(metric => metric.Stage)
            .Select(stage =>
                CSharpChart.Line<double, double, string>(
                    [.. stage.Select(metric => metric.Tokens / 1e6)],
                    smooth ? Smoothed(stage.Select(value)) : [.. stage.Select(value)],
                    Name: stage.Key,
                    ShowMarkers: false,
                    ShowLegend: false,
                    LineColor: Color.fromString(stage.Key == "ar" ? "#3366aa" : "#cc6633")
                )
            );
        return CSharpChart
            .Combine(lines)
            .WithXAxisStyle<double, double, string>(TitleText: "million tokens")
            .WithYAxisStyle<double, double, string>(
                TitleText: title,
                AxisType: logarithmic ? StyleParam.AxisType.Log : StyleParam.AxisType.Linear
            );
    }

    private static double[] Smoothed(IEnumerable<double> values)
    {
        double mean = 0;
        double weight = 0;
        return
        [
            .. values.Select(value =>
            {
                mean = Smoothing * mean + (1 - Smoothing) * value;
                weight = Smoothing * weight + (1 - Smoothing);
                return mean / weight;
            }),
        ];
    }

    private static string Summary(IReadOnlyList<TrainingMetrics> metrics)
    {
        IEnumerable<string> rows = metrics
            .GroupBy(metric => metric.Stage)
            .Select(stage =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"<tr><td>{stage.Key}</td><td>{stage.Count()} of {stage.Last().Updates}</td><td>{stage.Last().Tokens / 1e6:F2} M</td><td>{Smoothed(stage.Select(m => m.Loss))[^1]:F3}</td><td>{stage.LastOrDefault(m => m.ValidationLoss is not null)?.ValidationLoss:F3}</td><td>{stage.Average(m => m.TokensPerSecond):F0}</td></tr>"
                )
            );
        return "<style>body{font-family:system-ui,sans-serif;margin:2em}table{border-collapse:collapse}td,th{padding:.3em 1em;border-bottom:1px solid #ccc;text-align:right}</style>"
            + "<h1>Training run</h1><table><tr><th>stage</th><th>updates</th><th>tokens of the run</th><th>loss</th><th>validation</th><th>tokens/s</th></tr>"
            + string.Concat(rows)
            + "</table>";
    }
}
