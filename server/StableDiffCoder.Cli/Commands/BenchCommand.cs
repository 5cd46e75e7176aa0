using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Cli.Measuring;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>bench …</c>: how fast a model is on this machine.</summary>
internal static class BenchCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var command = new DocumentedCommand("bench", "Time a model on this machine");
        command.Subcommands.Add(CreateInfill(options, console));
        command.Subcommands.Add(BenchForwardCommand.Create(options, console));
        command.Subcommands.Add(BenchKeystrokesCommand.Create(options, console));
        return command;
    }

    private static DocumentedCommand CreateInfill(GlobalOptions options, CommandConsole console)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON object" };
        var count = new Option<int>("--count")
        {
            Description = "Holes of each kind to fill",
            HelpName = "N",
            DefaultValueFactory = _ => 100,
        };
        var command = new DocumentedCommand("infill", "Time loading, a forward, and infills of held-out holes")
        {
            Details = ["Times are medians. A forward is one denoising step of one block behind a long context, logits included."],
        };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--count must be 1 or more.");
            }
        });
        command.Options.Add(count);
        command.Options.Add(json);
        command.SetAction(
            options,
            console,
            async (parsed, cancellationToken) =>
            {
                Hole[] holes =
                [
                    .. HoleFile
                        .Read(HoleOptions.DefaultFile())
                        .Where(hole => hole.EndsWithItsLine)
                        .GroupBy(hole => hole.Kind)
                        .SelectMany(kind => kind.Take(parsed.GetValue(count))),
                ];
                InfillBenchmarkResult result;
                using (var progress = new ProgressLine<string>(console, text => text))
                {
                    result = await InfillBenchmark.RunAsync(
                        ModelLocation.Resolve(parsed.GetValue(options.Model)),
                        ModelSession.LoadOptions(parsed, options),
                        holes,
                        progress,
                        cancellationToken
                    );
                }
                console.Output.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(result, Json) : Table(result));
                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static string Table(InfillBenchmarkResult result)
    {
        var table = new Table().AddColumns("measured", "value");
        table.Title = new TableTitle(
            FormattableString.Invariant($"{result.Model}, {result.Parameters / 1e6:0.0} M weights, {result.DataType}")
        );
        void Row(string name, FormattableString value) => table.AddRow(name, value.ToString(CultureInfo.InvariantCulture));
        Row("load, libtorch in the process", $"{result.LoadMilliseconds:0} ms");
        Row($"prefill of {result.PrefillTokens} tokens", $"{result.PrefillMilliseconds:0.0} ms");
        Row("one denoising forward of a block", $"{result.ForwardMilliseconds:0.00} ms");
        Row($"infill, median of {result.Infills}", $"{result.InfillMedianMilliseconds:0} ms");
        Row("infill, 95th percentile", $"{result.Infill95Milliseconds:0} ms");
        Row("forwards an infill", $"{result.ForwardsPerInfill:0.0}");
        Row("tokens an infill", $"{result.TokensPerInfill:0.0}");
        using var writer = new StringWriter();
        AnsiConsole
            .Create(
                new AnsiConsoleSettings
                {
                    Ansi = AnsiSupport.No,
                    ColorSystem = ColorSystemSupport.NoColors,
                    Out = new AnsiConsoleOutput(writer),
                }
            )
            .Write(table);
        return writer.ToString().TrimEnd();
    }
}
