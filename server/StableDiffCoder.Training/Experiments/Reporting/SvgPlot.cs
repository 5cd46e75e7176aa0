using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace StableDiffCoder.Training.Experiments.Reporting;

/// <summary>A plot as an SVG file, which a Markdown page can show. The same figures give the same bytes.</summary>
internal static class SvgPlot
{
    private const double Width = 820;
    private const double Height = 400;

    // Told apart by most readers, on white and in grey.
    private static readonly OxyColor[] Colors =
    [
        .. new uint[] { 0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0x8C6D00, 0x555555, 0x56B4E9, 0x8B2E16 }.Select(rgb =>
            OxyColor.FromUInt32(0xFF000000 | rgb)
        ),
    ];

    /// <summary>Draws.</summary>
    public static string Draw(ResultPlot plot)
    {
        var model = new PlotModel
        {
            Title = plot.Title,
            TitleFontSize = 15,
            TitleFontWeight = FontWeights.Normal,
            DefaultFont = "sans-serif",
            Background = OxyColors.White,
            PlotAreaBorderColor = OxyColors.LightGray,
            DefaultColors = Colors,
        };
        model.Legends.Add(
            new Legend
            {
                LegendPlacement = LegendPlacement.Outside,
                LegendPosition = LegendPosition.RightTop,
                LegendLineSpacing = 3,
            }
        );
        model.Axes.Add(Styled(new LinearAxis { Position = AxisPosition.Bottom }, plot.XTitle));
        model.Axes.Add(Styled(plot.LogarithmicY ? new LogarithmicAxis() : new LinearAxis(), plot.YTitle));
        foreach (ResultSeries series in plot.Series)
        {
            var line = new LineSeries { Title = series.Name, StrokeThickness = 1.6 };
            line.Points.AddRange(
                series
                    .X.Zip(series.Y, (x, y) => new DataPoint(x, y))
                    .Where(point => double.IsFinite(point.Y) && (!plot.LogarithmicY || point.Y > 0))
            );
            model.Series.Add(line);
        }
        return new SvgExporter
            {
                Width = Width,
                Height = Height,
                IsDocument = false,
                TextMeasurer = new BrowserText(),
            }.ExportToString(model) + "\n";
    }

    private static Axis Styled(Axis axis, string title)
    {
        axis.Title = title;
        axis.MajorGridlineStyle = LineStyle.Solid;
        axis.MajorGridlineColor = OxyColor.FromRgb(238, 238, 238);
        axis.TicklineColor = OxyColors.LightGray;
        return axis;
    }

    // The library measures in points of Arial; a page shows pixels, often of a wider font.
    private sealed class BrowserText() : PdfRenderContext(Width, Height, OxyColors.White)
    {
        private const double PixelsAPoint = 1.45;

        public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight) =>
            base.MeasureText(text, "Arial", fontSize * PixelsAPoint, fontWeight);
    }
}
