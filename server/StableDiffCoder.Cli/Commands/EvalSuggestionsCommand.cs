using System.CommandLine;
using System.Globalization;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Cli.Measuring;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>eval suggestions</c>: what the language server would show at held-out places.</summary>
internal static class EvalSuggestionsCommand
{
    private const int DefaultPerKind = 150;

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var holes = new HoleOptions(DefaultPerKind);
        var command = new DocumentedCommand("suggestions", "Replay the cursor at held-out places, print what the server would suggest")
        {
            Details =
            [
                "A suggestion is shown unasked when the model's confidence in it is at least 1 - eagerness. It is wrong when its first word or",
                "sign is not the file's own. The second table says what each editing rule does, and what would be shown without it at eagerness 1.",
            ],
            Examples = [new("The embedded model", "stable-diffcoder eval suggestions")],
        };
        command.AddOptions(holes.Options);
        command.SetAction(
            options,
            console,
            async (parsed, cancellationToken) =>
            {
                // Compared up to the end of the line.
                Hole[] chosen = holes.Choose(parsed, hole => hole.EndsWithItsLine);
                await using IInfillEngine engine = await ModelSession.LoadEngineAsync(parsed, options, progress: null, cancellationToken);
                SuggestionBenchmark benchmark;
                using (var progress = new ProgressLine<int>(console, done => Describe(done, chosen.Length)))
                {
                    benchmark = await SuggestionBenchmark.RunAsync(engine, chosen, progress, cancellationToken);
                }
                console.Output.Write(benchmark.ToTables());
                return ExitCodes.Done;
            }
        );
        return command;
    }

    private static string Describe(int done, int total) => string.Create(CultureInfo.InvariantCulture, $"{done} of {total} places");
}
