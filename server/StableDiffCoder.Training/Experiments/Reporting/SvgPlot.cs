using System.Globalization;
using System.Net;
using System.Text;

namespace StableDiffCoder.Training.Experiments.Reporting;

/// <summary>A plot as a small SVG file, which a Markdown page can show. The same figures give the same bytes.</summary>
internal static class SvgPlot
{
    private const int Width = 720;
    private const int Height = 360;
    private const int Left = 70;
    private const int Right = 190;
    private const int Top = 36;
    private const int Bottom = 52;
    private const int Ticks = 5;

    private static readonly string[] Colors = ["#3366aa", "#cc6633", "#339966", "#aa3377", "#888833", "#555555", "#22aacc", "#994411"];

    /// <summary>Draws.</summary>
    public static string Draw(ResultPlot plot)
    {
        Axis x = Axis.Of(plot.Series.SelectMany(series => series.X), logarithmic: false);
        Axis y = Axis.Of(plot.Series.SelectMany(series => series.Y), plot.LogarithmicY);
        var svg = new StringBuilder();
        void Line(FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
        double X(double value) => Left + x.Share(value) * (Width - Left - Right);
        double Y(double value) => Height - Bottom - y.Share(value) * (Height - Top - Bottom);

        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\">");
        Line($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"white\"/>");
        Line($"<text x=\"{Left}\" y=\"20\" font-size=\"14\">{Escaped(plot.Title)}</text>");
        foreach (double tick in x.Ticks(Ticks))
        {
            Line($"<line x1=\"{X(tick):F1}\" y1=\"{Top}\" x2=\"{X(tick):F1}\" y2=\"{Height - Bottom}\" stroke=\"#eeeeee\"/>");
            Line($"<text x=\"{X(tick):F1}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{tick:G4}</text>");
        }
        foreach (double tick in y.Ticks(Ticks))
        {
            Line($"<line x1=\"{Left}\" y1=\"{Y(tick):F1}\" x2=\"{Width - Right}\" y2=\"{Y(tick):F1}\" stroke=\"#eeeeee\"/>");
            Line($"<text x=\"{Left - 6}\" y=\"{Y(tick) + 4:F1}\" text-anchor=\"end\">{tick:G3}</text>");
        }
        Line($"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 14}\" text-anchor=\"middle\">{Escaped(plot.XTitle)}</text>");
        Line(
            $"<text transform=\"translate(16 {(Top + Height - Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\">{Escaped(plot.YTitle)}</text>"
        );
        foreach ((int i, ResultSeries series) in plot.Series.Index())
        {
            string color = Colors[i % Colors.Length];
            IEnumerable<string> points = series
                .X.Zip(series.Y)
                .Where(point => double.IsFinite(point.Second) && (!plot.LogarithmicY || point.Second > 0))
                .Select(point => string.Create(CultureInfo.InvariantCulture, $"{X(point.First):F1},{Y(point.Second):F1}"));
            Line($"<polyline fill=\"none\" stroke=\"{color}\" stroke-width=\"1.6\" points=\"{string.Join(' ', points)}\"/>");
            Line($"<rect x=\"{Width - Right + 12}\" y=\"{Top + 18 * i}\" width=\"14\" height=\"4\" fill=\"{color}\"/>");
            Line($"<text x=\"{Width - Right + 32}\" y=\"{Top + 18 * i + 7}\">{Escaped(series.Name)}</text>");
        }
        return svg.Append("</svg>\n").ToString();
    }

    private static string Escaped(string text) => WebUtility.HtmlEncode(text);

    private sealed record Axis(double Low, double High, bool Logarithmic)
    {
        public static Axis Of(IEnumerable<double> values, bool logarithmic)
        {
            double[] finite = [.. values.Where(value => double.IsFinite(value) && (!logarithmic || value > 0))];
            if (finite.Length == 0)
            {
                return new Axis(0, 1, Logarithmic: false);
            }
            (double low, double high) = (finite.Min(), finite.Max());
            return low < high ? new Axis(low, high, logarithmic) : new Axis(low - 0.5, high + 0.5, Logarithmic: false);
        }

        public double Share(double value) => Logarithmic ? Math.Log(value / Low) / Math.Log(High / Low) : (value - Low) / (High - Low);

        public IEnumerable<double> Ticks(int count) =>
            Enumerable
                .Range(0, count + 1)
                .Select(i => (double)i / count)
                .Select(share => Logarithmic ? Low * Math.Pow(High / Low, share) : Low + share * (High - Low));
    }
}
