using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Cli.Measuring;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>eval quantization</c>: what weights of fewer bits cost in quality.</summary>
internal static class EvalQuantizationCommand
{
    private const string AllTypes = "float32,bfloat16,int8,int4";

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var holeOptions = new HoleOptions(perKind: 100);
        var types = new Option<string>("--types")
        {
            Description = "Types of weights with commas; the others are compared with the first",
            HelpName = "T,T",
            DefaultValueFactory = _ => AllTypes,
        };
        var command = new DocumentedCommand("quantization", "Compare weights of 32, 16, 8 and 4 bits on held-out holes")
        {
            Details =
            [
                "For each type: the mean log-probability of the answers' tokens, each with its whole block masked; its change from the first type with a 95 %",
                "interval (paired bootstrap); how large a hole's change is; and in how many holes the greedy fill stays the same.",
            ],
        };
        command.AddOptions([.. holeOptions.Options, types, holeOptions.Evaluation.Json]);
        command.SetAction(
            options,
            console,
            async (parsed, cancellationToken) =>
            {
                Hole[] holes = holeOptions.Choose(parsed);
                IReadOnlyList<QuantizationCostRow> rows;
                using (var progress = new ProgressLine<string>(console, text => text))
                {
                    rows = await MeasureAsync(
                        parsed,
                        options,
                        parsed.GetRequiredValue(types).Split(','),
                        holes,
                        progress,
                        cancellationToken
                    );
                }
                holeOptions.Evaluation.Print(
                    console,
                    parsed,
                    () => JsonSerializer.Serialize(new { holes = holes.Length, rows }, Json),
                    () => Table(rows, holes.Length)
                );
                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static async Task<IReadOnlyList<QuantizationCostRow>> MeasureAsync(
        ParseResult parsed,
        GlobalOptions options,
        string[] types,
        Hole[] holes,
        ProgressLine<string> progress,
        CancellationToken cancellationToken
    )
    {
        string folder = ModelLocation.Resolve(parsed.GetValue(options.Model));
        ModelLoadOptions load = ModelSession.LoadOptions(parsed, options);
        var opinions = new List<(string, HoleOpinions)>();
        await using var worker = new InferenceWorker();
        foreach (string type in types)
        {
            HoleOpinions asked = await worker.RunAsync(
                token =>
                {
                    using LoadedModel model = LoadedModel.Load(folder, load with { DataType = type }, progress: null, token);
                    return QuantizationCost.Ask(model, holes, progress, token);
                },
                cancellationToken
            );
            opinions.Add((type, asked));
        }
        return QuantizationCost.Compare(opinions);
    }

    private static string Table(IReadOnlyList<QuantizationCostRow> rows, int holes)
    {
        var text = new StringBuilder();
        text.AppendLine("| weights | log-probability a token | change | 95 % interval | size of a change | same fills |");
        text.AppendLine("|---|--:|--:|--:|--:|--:|");
        foreach (QuantizationCostRow row in rows)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {row.Dtype} | {row.MeanLogProbability:0.0000} | {row.Change:+0.0000;-0.0000;0} | {row.Low:+0.0000;-0.0000;0} to {row.High:+0.0000;-0.0000;0} | {row.MeanSize:0.0000} | {100 * row.SameFills:0.0} % |"
            );
        }
        text.AppendLine(CultureInfo.InvariantCulture, $"\n{holes} holes; changes are from {rows[0].Dtype}, in nats.");
        return text.ToString();
    }
}
