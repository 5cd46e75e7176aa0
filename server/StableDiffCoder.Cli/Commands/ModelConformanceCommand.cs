using System.CommandLine;
using System.Globalization;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Cli.Measuring;
using StableDiffCoder.Engine.Runtime;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>model conformance</c>: whether a device computes what the CPU does.</summary>
internal static class ModelConformanceCommand
{
    private static readonly Option<int> Checkpoints = new("--checkpoints")
    {
        Description = "Random checkpoints of each type",
        HelpName = "N",
        DefaultValueFactory = _ => 10,
    };

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var command = new DocumentedCommand("conformance", "Compare a device with the CPU on random checkpoints")
        {
            Details =
            [
                "Needs no model. Log-probabilities of a prompt, a block and a fused forward, and the tokens of the fused sampler there against",
                "the released one's here; in float32, bfloat16 and int8, unless --dtype names one. Ends with 1 when something differs.",
            ],
            Examples = [new("A GPU", "stable-diffcoder model conformance --device cuda --libtorch /opt/torch/lib")],
        };
        Checkpoints.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 1000)
            {
                result.AddError("--checkpoints must be 1 to 1000.");
            }
        });
        command.Options.Add(Checkpoints);
        command.SetAction(options, console, (parsed, cancellationToken) => RunAsync(parsed, options, console, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        GlobalOptions options,
        CommandConsole console,
        CancellationToken cancellationToken
    )
    {
        string? only = options.DataTypeOf(parsed);
        (string Name, double Tolerance)[] types = [.. DeviceConformance.Types.Where(type => only is null || type.Name == only)];
        if (types.Length == 0)
        {
            throw new InvalidInputException($"model conformance knows no bound for --dtype {only}; use float32, bfloat16 or int8.");
        }
        int count = parsed.GetValue(Checkpoints);
        var rows = new List<ConformanceRow>();
        using (var progress = new ProgressLine<string>(console, text => text))
        {
            await using var worker = new InferenceWorker();
            await worker.RunAsync(
                token =>
                {
                    TorchRuntime.EnsureLoaded(parsed.GetValue(options.Libtorch), parsed.GetValue(options.Threads));
                    ComputeDevice device = ComputeDevice.Parse(parsed.GetValue(options.Device) ?? "cpu");
                    foreach ((string name, double tolerance) in types)
                    {
                        for (int checkpoint = 1; checkpoint <= count; checkpoint++)
                        {
                            progress.Report($"{name}, checkpoint {checkpoint} of {count}");
                            rows.Add(DeviceConformance.Run(checkpoint, name, tolerance, device.Device, token));
                        }
                    }
                    return true;
                },
                cancellationToken
            );
        }
        foreach (IGrouping<string, ConformanceRow> type in rows.GroupBy(row => row.DataType))
        {
            console.Output.WriteLine(Line(type.Key, [.. type]));
        }
        return rows.All(row => row.Holds) ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static string Line(string type, ConformanceRow[] rows)
    {
        ConformanceRow worst = rows.MaxBy(row => row.LargestDifference)!;
        string tokens = rows.Any(row => row.SameTokens is not null)
            ? $", same tokens in {rows.Count(row => row.SameTokens == true)} of {rows.Length}"
            : "";
        string verdict = rows.All(row => row.Holds)
            ? "holds"
            : $"DIFFERS: checkpoints {string.Join(", ", rows.Where(row => !row.Holds).Select(row => row.Checkpoint))}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{type}: {rows.Length} checkpoints, largest difference {worst.LargestDifference:0.0e0} nats of {worst.Tolerance:0.0e0} allowed{tokens}: {verdict}"
        );
    }
}
