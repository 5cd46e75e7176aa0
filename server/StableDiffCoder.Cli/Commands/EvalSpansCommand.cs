using System.CommandLine;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Training.Corpus;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>eval spans</c>: several holes of a file filled at once against one after another.</summary>
internal static class EvalSpansCommand
{
    private const int DefaultHoles = 2;
    private const int MostHoles = 8;
    private const int DefaultFiles = 250;

    private sealed record Arguments
    {
        public Option<string?> Sources { get; } =
            new("--sources")
            {
                Description =
                    "A folder of C# sources, or JSON lines {\"path\",\"style\",\"text\"}. Default: the excerpts of held-out C# that this project ships",
                HelpName = "PATH",
            };

        public Option<int> Holes { get; } =
            new("--holes")
            {
                Description = $"Lines that are missing in each file, 2 to {MostHoles}. Default: {DefaultHoles}",
                HelpName = "N",
                DefaultValueFactory = _ => DefaultHoles,
            };

        public EvaluationOptions Evaluation { get; } = new("files", DefaultFiles);

        public SamplingOptions Sampling { get; } = new();
    }

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var arguments = new Arguments();
        var command = new DocumentedCommand("spans", "Fill several missing lines of a file at once, and one after another")
        {
            Details =
            [
                $"The lines are at most {MultiHoleSampler.Reach} characters apart. At once, each is filled in view of the others' present fills, and the",
                "uncertain ones a second time, as stableDiffCoder/infill does it with several spans; one after another, from top to bottom, nothing",
                "stands yet in the lines below. A file parses when it has no more C# syntax errors with all fills than with all answers.",
            ],
            Examples =
            [
                new("The embedded model", "stable-diffcoder eval spans"),
                new("Three lines of files of a project", "stable-diffcoder eval spans --holes 3 --sources src"),
            ],
        };
        command.AddOptions(arguments.Sources, arguments.Holes, arguments.Evaluation.Limit, arguments.Evaluation.Json);
        arguments.Sampling.AddTo(command, withStop: false);
        command.SetAction(
            options,
            console,
            (parsed, cancellationToken) => RunAsync(parsed, arguments, options, console, cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        Arguments arguments,
        GlobalOptions options,
        CommandConsole console,
        CancellationToken cancellationToken
    )
    {
        InfillOptions sampling = arguments.Sampling.Read(parsed, new InfillOptions());
        sampling.Validate();
        IReadOnlyList<MultiHole> files = Draw(parsed, arguments);
        await using IInfillEngine engine = await ModelSession.LoadEngineAsync(parsed, options, progress: null, cancellationToken);
        MultiHoleComparison comparison;
        using (var progress = new ProgressLine<InfillEvaluationProgress>(console, Describe))
        {
            comparison = await MultiHoleComparison.RunAsync(engine, files, sampling, seed: 0, progress, cancellationToken);
        }
        arguments.Evaluation.Print(console, parsed, comparison.ToJson, comparison.ToTable);
        return ExitCodes.Done;
    }

    private static IReadOnlyList<MultiHole> Draw(ParseResult parsed, Arguments arguments)
    {
        int holes = parsed.GetValue(arguments.Holes);
        if (holes is < 2 or > MostHoles)
        {
            throw new InvalidInputException($"--holes is {holes}; use 2 to {MostHoles}.");
        }
        string? sources = parsed.GetValue(arguments.Sources);
        string path = sources ?? HoleOptions.DefaultFile();
        Func<string, IReadOnlyList<CorpusDocument>> read = sources is null ? HoleFile.ReadTexts : SourceWorkspace.Read;
        IReadOnlyList<CorpusDocument> documents = TrainingInput.Read(path, read);
        int files = parsed.GetValue(arguments.Evaluation.Limit) ?? DefaultFiles;
        IReadOnlyList<MultiHole> drawn = MultiHoleSampler.Draw(documents, holes, files, seed: 0);
        return drawn.Count > 0
            ? drawn
            : throw new InvalidInputException(
                $"{path} has no file with {holes} lines to cut out near each other; name more sources by --sources."
            );
    }

    private static string Describe(InfillEvaluationProgress progress) =>
        EvaluationOptions.Progress(progress.Filler, progress.Done, progress.Total, "files", progress.ExactMatch);
}
