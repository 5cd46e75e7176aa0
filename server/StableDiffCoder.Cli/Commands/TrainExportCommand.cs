using System.CommandLine;
using System.Globalization;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Training.Running;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>train export --config FILE --out DIR [--best]</c>.</summary>
internal static class TrainExportCommand
{
    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var config = new Option<string>("--config")
        {
            Description = "The config of a run, finished or not",
            HelpName = "FILE",
            Required = true,
        };
        var output = new Option<string>("--out")
        {
            Description = "Folder for the model",
            HelpName = "DIR",
            Required = true,
        };
        var best = new Option<bool>("--best")
        {
            Description = "The checkpoint with the lowest validation loss of the latest stage instead of the newest",
        };
        var command = new DocumentedCommand("export", "Write a checkpoint of a run as a model folder");
        command.Options.Add(config);
        command.Options.Add(output);
        command.Options.Add(best);
        command.SetAction(
            options,
            console,
            (parsed, _) =>
            {
                TrainingConfig run = TrainingInput.Read(parsed.GetRequiredValue(config), TrainingConfig.Read);
                TorchRuntime.EnsureLoaded(parsed.GetValue(options.Libtorch), parsed.GetValue(options.Threads));
                string folder = parsed.GetRequiredValue(output);
                TrainingPosition position = new TrainingRun(run, progress: null).Export(folder, parsed.GetValue(best));
                string validation = position.ValidationLoss is double loss
                    ? string.Create(CultureInfo.InvariantCulture, $", validation {loss:0.0000}")
                    : "";
                console.Output.WriteLine(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{folder}: the model after {position.TokensSeen / 1e6:0.00} M tokens{validation}"
                    )
                );
                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }
}
