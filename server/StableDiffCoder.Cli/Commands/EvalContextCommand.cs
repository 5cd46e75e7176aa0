using System.CommandLine;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Cli.Measuring;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Context;
using StableDiffCoder.Training.Corpus;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>eval context</c>: what pieces of other files are worth.</summary>
internal static class EvalContextCommand
{
    private const int DefaultOpen = 4;
    private const string DefaultSources = "tests/fixtures/context/csharp-workspace.jsonl";

    private sealed record Arguments
    {
        public Option<string?> Sources { get; } =
            new("--sources")
            {
                Description =
                    "A folder of C# sources, or JSON lines {\"path\",\"style\",\"text\"}. Default: a workspace of held-out C# that this project ships",
                HelpName = "PATH",
            };

        public Option<int> Tokens { get; } =
            new("--context-tokens")
            {
                Description = $"Most tokens of pieces of other files. Default: {new ContextOptions().Tokens}",
                HelpName = "N",
                DefaultValueFactory = _ => new ContextOptions().Tokens,
            };

        public Option<int> PerFile { get; } =
            new("--per-file")
            {
                Description = $"Most holes of one file. Default: {new CrossFileHoleOptions().PerFile}",
                HelpName = "N",
                DefaultValueFactory = _ => new CrossFileHoleOptions().PerFile,
            };

        public Option<int> Open { get; } =
            new("--open")
            {
                Description = $"So many files of the hole's own folder are open in the editor. Default: {DefaultOpen}",
                HelpName = "N",
                DefaultValueFactory = _ => DefaultOpen,
            };

        public EvaluationOptions Evaluation { get; } = new("holes");

        public SamplingOptions Sampling { get; } = new();
    }

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var arguments = new Arguments();
        var command = new DocumentedCommand("context", "Fill holes whose answer needs another file, with and without pieces of other files")
        {
            Details =
            [
                "A hole begins at a name, behind a dot or 'new', that one or two other files declare and that its own file has nowhere else, and goes",
                "to the end of the line. The pieces are those that the language server would show the model there.",
            ],
            Examples =
            [
                new("The embedded model", "stable-diffcoder eval context"),
                new("A project", "stable-diffcoder eval context --sources src"),
            ],
        };
        command.AddOptions(
            arguments.Sources,
            arguments.Tokens,
            arguments.PerFile,
            arguments.Open,
            arguments.Evaluation.Limit,
            arguments.Evaluation.Json
        );
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
        var context = new ContextOptions { Tokens = parsed.GetValue(arguments.Tokens) };
        context.Validate();
        string path = parsed.GetValue(arguments.Sources) ?? EvaluationOptions.Fixture(DefaultSources, "--sources");
        IReadOnlyList<CorpusDocument> documents = TrainingInput.Read(path, SourceWorkspace.Read);
        var drawn = new CrossFileHoleOptions { PerFile = parsed.GetValue(arguments.PerFile) };
        Hole[] holes = arguments.Evaluation.FirstOfEach(CrossFileHoles.Draw(documents, drawn), hole => hole.Kind, parsed);
        if (holes.Length == 0)
        {
            throw new InvalidInputException($"{path} has no hole that needs another file; name more sources by --sources.");
        }
        await using IInfillEngine engine = await ModelSession.LoadEngineAsync(parsed, options, progress: null, cancellationToken);
        ContextBenchmark benchmark;
        using (var progress = new ProgressLine<InfillEvaluationProgress>(console, Describe))
        {
            benchmark = await ContextBenchmark.RunAsync(
                engine,
                documents,
                holes,
                context,
                parsed.GetValue(arguments.Open),
                sampling,
                progress,
                cancellationToken
            );
        }
        arguments.Evaluation.Print(console, parsed, benchmark.Report.ToJson, benchmark.ToTables);
        return ExitCodes.Done;
    }

    private static string Describe(InfillEvaluationProgress progress) =>
        EvaluationOptions.Progress(progress.Filler, progress.Done, progress.Total, "holes", progress.ExactMatch);
}
