using System.CommandLine;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>model …</c>: what is done to a model folder, and whether a device computes models rightly.</summary>
internal static class ModelCommand
{
    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var command = new DocumentedCommand("model", "Make another folder of a model, or check a device");
        command.Subcommands.Add(CreateQuantize(options, console));
        command.Subcommands.Add(ModelConformanceCommand.Create(options, console));
        return command;
    }

    private static DocumentedCommand CreateQuantize(GlobalOptions options, CommandConsole console)
    {
        var output = new Option<string>("--out")
        {
            Description = "The new folder",
            HelpName = "DIR",
            Required = true,
        };
        var command = new DocumentedCommand("quantize", "Write a copy of a model folder with weights of 8 or 4 bits")
        {
            Details =
            [
                "--dtype int8: one scale for each output. --dtype int4: one scale for 32 inputs of an output.",
                "Embeddings and norms stay as they are. The new folder loads like any other, on the CPU.",
                "What it costs in quality: stable-diffcoder eval quantization.",
            ],
            Examples = [new("Half the bytes of bfloat16", "stable-diffcoder model quantize --dtype int8 --out models/mini-int8")],
        };
        command.Options.Add(output);
        command.SetAction(
            options,
            console,
            (parsed, cancellationToken) =>
            {
                WeightQuantization quantization = WeightQuantizations.Of(options.DataTypeOf(parsed));
                if (quantization == WeightQuantization.None)
                {
                    throw new InvalidInputException("model quantize needs --dtype int8 or --dtype int4.");
                }
                TorchRuntime.EnsureLoaded(parsed.GetValue(options.Libtorch), parsed.GetValue(options.Threads));
                ModelDirectory source = ModelDirectory.Open(ModelLocation.Resolve(parsed.GetValue(options.Model)));
                string folder = parsed.GetRequiredValue(output);
                using (
                    var progress = new ProgressLine<double>(console, done => FormattableString.Invariant($"quantizing {100 * done:0} %"))
                )
                {
                    CheckpointQuantizer.Run(source, quantization, folder, progress, cancellationToken);
                }
                long before = source.WeightFiles.Sum(file => new FileInfo(file).Length);
                long after = new FileInfo(Path.Combine(folder, "model.safetensors")).Length;
                console.Output.WriteLine(
                    FormattableString.Invariant($"{folder}: {after / 1e6:0.0} MB of weights, from {before / 1e6:0.0} MB")
                );
                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }
}
