using Microsoft.FSharp.Core;
using Plotly.NET;

namespace StableDiffCoder.Training.Reporting;

/// <summary>Charts as one self-contained HTML page: the charting library is inside, opening it needs no network.</summary>
internal static class OfflinePage
{
    /// <summary>Writes the page; replaced when whole.</summary>
    /// <param name="chart">What it shows.</param>
    /// <param name="title">Title of the document.</param>
    /// <param name="introduction">HTML before the charts.</param>
    /// <param name="htmlFile">The file.</param>
    public static void Write(GenericChart chart, string title, string introduction, string htmlFile)
    {
        DisplayOptions offline = DisplayOptions.init(
            DocumentTitle: FSharpOption<string>.Some(title),
            DocumentCharset: null,
            DocumentDescription: null,
            DocumentFavicon: null,
            AdditionalHeadTags: null,
            ChartDescription: null,
            PlotlyJSReference: FSharpOption<PlotlyJSReference>.Some(PlotlyJSReference.Full)
        );
        string page = GenericChart.toEmbeddedHTML(GenericChart.setDisplayOptions(offline, chart));
        string partial = htmlFile + ".partial";
        File.WriteAllText(partial, page.Replace("<body>", "<body>" + introduction, StringComparison.Ordinal));
        File.Move(partial, htmlFile, overwrite: true);
    }
}
