using System.CommandLine;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Training.Experiments;
using StableDiffCoder.Training.Experiments.Reporting;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>train experiment NAME [--scale tiny|full]</c>.</summary>
internal static class TrainExperimentCommand
{
    private const string DefaultData = "artifacts/training";
    private const string DefaultOut = "artifacts/experiments";

    // Ctrl+C waits for the update that runs and for its checkpoint.
    private static readonly TimeSpan CheckpointTime = TimeSpan.FromMinutes(10);

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var name = new Argument<string>("NAME")
        {
            Description = $"One of {string.Join(", ", ExperimentCatalog.All.Select(experiment => experiment.Name))}",
        };
        var scale = new Option<ExperimentScale>("--scale")
        {
            Description = "tiny runs through in a minute and shows nothing; full is what docs/training.md reports. Default: full",
            DefaultValueFactory = _ => ExperimentScale.Full,
        };
        var data = new Option<string>("--data")
        {
            Description = $"Folder with tokenizer.json, tokens/ and corpus/. Default: {DefaultData}",
            HelpName = "DIR",
            DefaultValueFactory = _ => DefaultData,
        };
        var output = new Option<string>("--out")
        {
            Description = $"Folder for runs and results; experiments share their runs. Default: {DefaultOut}",
            HelpName = "DIR",
            DefaultValueFactory = _ => DefaultOut,
        };
        var command = new DocumentedCommand("experiment", "Show a claim of the Stable-DiffCoder report with small models")
        {
            Details =
            [
                "Runs that are finished are not made again, and interrupted ones go on: Ctrl+C is safe.",
                "Writes NAME/result.md, result.json, plots.html and SVG files below --out.",
                .. ExperimentCatalog.All.Select(experiment => $"  {experiment.Name}: {experiment.Title}"),
            ],
            TerminationTimeout = CheckpointTime,
        };
        command.Arguments.Add(name);
        command.AddOptions(scale, data, output);
        command.SetAction(
            options,
            console,
            (parsed, cancellationToken) =>
            {
                IExperiment experiment = ExperimentCatalog.Find(parsed.GetRequiredValue(name));
                string folder = parsed.GetValue(data)!;
                // libtorch's thread count belongs to the thread that trains: this one.
                TorchRuntime.EnsureLoaded(parsed.GetValue(options.Libtorch), parsed.GetValue(options.Threads));
                using var progress = new ProgressLine<string>(console, line => line);
                var context = new ExperimentContext
                {
                    Scale = parsed.GetValue(scale),
                    OutDirectory = parsed.GetValue(output)!,
                    OpenData = () => TrainingInput.Read(folder, ExperimentData.Open),
                    Dtype = parsed.GetValue(options.DataType) ?? "bfloat16",
                    Device = parsed.GetValue(options.Device) ?? "cpu",
                    Threads = parsed.GetValue(options.Threads),
                    Progress = progress,
                    CancellationToken = cancellationToken,
                };
                ExperimentResult result = experiment.Run(context);
                string written = ExperimentReport.Write(experiment, result, context);
                console.Output.Write(File.ReadAllText(Path.Combine(written, "result.md")));
                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }
}
