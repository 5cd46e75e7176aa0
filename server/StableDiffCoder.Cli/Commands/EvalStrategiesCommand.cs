using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>eval strategies</c>: what fewer forwards cost, strategy by strategy.</summary>
internal static class EvalStrategiesCommand
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private static readonly Option<int> MaxNewTokens = new("--max-new-tokens")
    {
        Description = "Most tokens a hole may get",
        HelpName = "N",
        DefaultValueFactory = _ => new InfillOptions().MaxNewTokens,
    };

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var holeOptions = new HoleOptions();
        var command = new DocumentedCommand("strategies", "Compare samplers and ways to reveal tokens on held-out holes")
        {
            Details =
            [
                "For each: tokens a forward (those that are kept), exact match, its difference from one token a forward with a 95 % interval (paired",
                "bootstrap), and milliseconds. All fill each hole in turns, without a prefix cache. A strategy may be a default where the whole interval",
                "lies above -1 point.",
            ],
        };
        command.AddOptions([.. holeOptions.Options, MaxNewTokens, holeOptions.Evaluation.Json]);
        command.SetAction(
            options,
            console,
            async (parsed, cancellationToken) =>
            {
                int most = parsed.GetValue(MaxNewTokens);
                (new InfillOptions { MaxNewTokens = most }).Validate();
                Hole[] holes = holeOptions.Choose(parsed);
                IReadOnlyList<StrategyFigures> figures;
                await using IInfillEngine engine = await InfillEngine.LoadAsync(
                    ModelLocation.Resolve(parsed.GetValue(options.Model)),
                    ModelSession.LoadOptions(parsed, options) with
                    {
                        PrefixCacheMegabytes = 0,
                    },
                    progress: null,
                    cancellationToken
                );
                using (var progress = new ProgressLine<StrategyProgress>(console, at => $"{at.Done} of {at.Total} holes"))
                {
                    figures = await StrategyComparison.RunAsync(engine, StrategyComparison.All, holes, most, progress, cancellationToken);
                }
                holeOptions.Evaluation.Print(
                    console,
                    parsed,
                    () => JsonSerializer.Serialize(new { holes = holes.Length, strategies = figures }, Json),
                    () => Table(figures, holes.Length)
                );
                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static string Table(IReadOnlyList<StrategyFigures> figures, int holes)
    {
        var text = new StringBuilder();
        text.AppendLine(
            "| strategy | tokens a forward | exact match | difference | 95 % interval | similarity | 95 % interval | ms | of the first's time |"
        );
        text.AppendLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (StrategyFigures row in figures)
        {
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {row.Name} | {row.TokensAForward:0.00} | {100 * row.Exact:0.0} % | {Points(row.Change.Mean)} | {Points(row.Change.Low)} to {Points(row.Change.High)} | {100 * row.Similarity:0.0} % | {Points(row.SimilarityChange.Low)} to {Points(row.SimilarityChange.High)} | {row.Milliseconds:0.0} | {row.TimeRatio:0.00} |"
            );
        }
        StrategyFigures best = figures.Where(row => row.IsAsGood).MinBy(row => row.TimeRatio)!;
        text.AppendLine(CultureInfo.InvariantCulture, $"\n{holes} holes. The fastest whose interval lies above -1 point: {best.Name}.");
        return text.ToString();
    }

    private static string Points(double share) => (100 * share).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);
}
