using System.CommandLine;
using System.Globalization;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Training.Benchmarking;
using StableDiffCoder.Training.Running;
using static TorchSharp.torch;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>train run --config FILE [--resume]</c>.</summary>
internal static class TrainRunCommand
{
    // Ctrl+C waits for the update that runs and for its checkpoint.
    private static readonly TimeSpan CheckpointTime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PeakTime = TimeSpan.FromMilliseconds(500);

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var config = new Option<string>("--config")
        {
            Description = "The run: model, data, stages. JSON, see docs/training.md",
            HelpName = "FILE",
            Required = true,
        };
        var resume = new Option<bool>("--resume") { Description = "Go on from the newest checkpoint" };
        var command = new DocumentedCommand("run", "Train a model through the stages of a config file")
        {
            Details =
            [
                "Writes checkpoints, metrics.jsonl and at the end the model, a Hugging Face folder, below the config's 'out'.",
                "Ctrl+C writes a checkpoint first; the same command with --resume goes on from there.",
            ],
            TerminationTimeout = CheckpointTime,
        };
        command.Options.Add(config);
        command.Options.Add(resume);
        command.SetAction(
            options,
            console,
            (parsed, cancellationToken) =>
            {
                TrainingConfig run = TrainingInput.Read(parsed.GetRequiredValue(config), TrainingConfig.Read);
                // libtorch's thread count belongs to the thread that trains: this one.
                TorchRuntime.EnsureLoaded(parsed.GetValue(options.Libtorch), parsed.GetValue(options.Threads));
                double peak = PeakRate(run);
                string model;
                using (
                    var progress = new ProgressLine<TrainingMetrics>(
                        console,
                        Describe,
                        m => m.Update % 50 == 0 || m.ValidationLoss is not null
                    )
                )
                {
                    model = new TrainingRun(run, progress, peak).Run(parsed.GetValue(resume), cancellationToken);
                }
                console.Output.WriteLine($"The trained model is in {model}");
                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }

    private static double PeakRate(TrainingConfig run) =>
        MatrixProductRate.Large(
            run.Dtype == "bfloat16" ? ScalarType.BFloat16 : ScalarType.Float32,
            ComputeDevice.Parse(run.Device).Device,
            PeakTime
        );

    private static string Describe(TrainingMetrics metrics)
    {
        FormattableString figures =
            $"{metrics.Stage} {metrics.Update}/{metrics.Updates} · loss {metrics.Loss:0.000} · norm {metrics.GradientNorm:0.00} · masked {metrics.MaskRate:0.00} · rate {metrics.LearningRate:0.0e-0} · {metrics.TokensPerSecond:0} tokens/s · {100 * metrics.PeakShare:0} % of peak";
        string validation = metrics.ValidationLoss is double loss
            ? string.Create(CultureInfo.InvariantCulture, $" · validation {loss:0.0000}")
            : "";
        string left = metrics.SecondsLeft is double seconds
            ? string.Create(CultureInfo.InvariantCulture, $" · {TimeSpan.FromSeconds(Math.Round(seconds)):c} left")
            : "";
        return figures.ToString(CultureInfo.InvariantCulture) + validation + left;
    }
}
