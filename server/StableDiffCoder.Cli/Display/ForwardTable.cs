using System.Globalization;
using Spectre.Console;
using StableDiffCoder.Cli.Measuring;

namespace StableDiffCoder.Cli.Display;

/// <summary>The figures of <c>bench forward</c> as text.</summary>
internal static class ForwardTable
{
    public static string Of(ForwardBenchmarkResult result)
    {
        bool compared = result.Rows.Any(row => row.LibtorchMs is not null);
        var table = new Table().AddColumns("tokens", "depth", "by", "ms", "GB/s", "of bandwidth", "of matrix rate", "tokens/s");
        if (compared)
        {
            table.AddColumn("libtorch ms");
        }
        table.Title = new TableTitle(
            Text($"{result.Shape}, {result.Parameters / 1e6:0.0} M weights in {result.Dtype}, {result.WeightBytes / 1e9:0.00} GB a forward")
        );
        foreach (ForwardBenchmarkRow row in result.Rows)
        {
            string[] cells =
            [
                Text($"{row.Tokens}"),
                Text($"{row.Depth}"),
                row.Path,
                Text($"{row.Ms:0.00}"),
                Text($"{row.GbPerS:0.0}"),
                Text($"{100 * row.ShareOfBandwidth:0} %"),
                Text($"{100 * row.ShareOfMatrixRate:0} %"),
                Text($"{row.TokensPerS:0}"),
            ];
            table.AddRow(compared ? [.. cells, row.LibtorchMs is double other ? Text($"{other:0.00}") : ""] : cells);
        }
        table.Caption = new TableTitle(
            Text(
                $"threads: {result.Threads}; memory reads {result.ReadGbPerS:0.0} GB/s; large matrix product {result.MatrixGflopPerS:0} GFLOP/s; loaded in {result.LoadSeconds:0.0} s, peak memory {result.PeakMemoryGb:0.0} GB"
            )
        );
        using var writer = new StringWriter();
        var settings = new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        };
        IAnsiConsole console = AnsiConsole.Create(settings);
        console.Profile.Width = 140;
        console.Write(table);
        return writer.ToString().TrimEnd();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
