using System.CommandLine;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Training.Reporting;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>train report --metrics FILE --out FILE</c>.</summary>
internal static class TrainReportCommand
{
    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var metrics = new Option<string>("--metrics")
        {
            Description = "The metrics.jsonl of a run, finished or not",
            HelpName = "FILE",
            Required = true,
        };
        var output = new Option<string>("--out")
        {
            Description = "The page to write",
            HelpName = "FILE",
            DefaultValueFactory = _ => "training-report.html",
        };
        var command = new DocumentedCommand("report", "Draw a run's loss, validation, gradient norm and speed as one HTML page")
        {
            Details = ["The page holds everything it needs; opening it asks no network."],
        };
        command.Options.Add(metrics);
        command.Options.Add(output);
        command.SetAction(
            options,
            console,
            (parsed, _) =>
            {
                string page = parsed.GetValue(output)!;
                TrainingInput.Read(
                    parsed.GetRequiredValue(metrics),
                    file =>
                    {
                        TrainingReport.Write(file, page);
                        return true;
                    }
                );
                console.Output.WriteLine($"Wrote {page}");
                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }
}
