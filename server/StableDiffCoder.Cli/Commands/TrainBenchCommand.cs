using System.CommandLine;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Training.Benchmarking;
using StableDiffCoder.Training.Running;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>train bench [--config FILE]</c>.</summary>
internal static class TrainBenchCommand
{
    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var config = new Option<string?>("--config")
        {
            Description = "A training config whose shapes are measured. Default: the shapes of the embedded model",
            HelpName = "FILE",
        };
        var seconds = new Option<double>("--seconds")
        {
            Description = "Time of each of the five measurements. Default: 5",
            HelpName = "N",
            DefaultValueFactory = _ => 5,
        };
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 600))
            {
                result.AddError("--seconds must be more than 0, and at most 600.");
            }
        });
        var json = new Option<bool>("--json") { Description = "Print JSON instead of a table" };
        var command = new DocumentedCommand("bench", "Measure the training step as a share of the machine's matrix products")
        {
            Details =
            [
                "Rates are 6 operations a weight and position, attention and the output head included; block diffusion runs two positions a token.",
                "Both shares are of rates measured in the same run: one large product, and the products at the model's own shapes.",
            ],
        };
        command.Options.Add(config);
        command.Options.Add(seconds);
        command.Options.Add(json);
        command.SetAction(
            options,
            console,
            (parsed, cancellationToken) =>
            {
                TrainingBenchmarkOptions measured = parsed.GetValue(config) is string file ? Read(file) : new TrainingBenchmarkOptions();
                measured = measured with
                {
                    Time = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                    Dtype = options.DataTypeOf(parsed) ?? measured.Dtype,
                    Device = parsed.GetValue(options.Device) ?? measured.Device,
                };
                TorchRuntime.EnsureLoaded(parsed.GetValue(options.Libtorch), parsed.GetValue(options.Threads));
                TrainingBenchmarkResult result;
                using (var progress = new ProgressLine<string>(console, what => what, always: _ => true))
                {
                    result = TrainingBenchmark.Run(measured, progress, cancellationToken);
                }
                console.Output.WriteLine(parsed.GetValue(json) ? result.ToJson() : result.ToTable().TrimEnd());
                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }

    private static TrainingBenchmarkOptions Read(string file)
    {
        TrainingConfig config = TrainingInput.Read(file, TrainingConfig.Read);
        return TrainingBenchmarkOptions.Of(config, HuggingFaceTokenizer.Load(config.Tokenizer).VocabularySize);
    }
}
