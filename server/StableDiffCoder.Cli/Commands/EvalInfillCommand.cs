using System.CommandLine;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>eval infill</c>: exact match and edit similarity on held-out holes, beside a baseline.</summary>
internal static class EvalInfillCommand
{
    private const string DefaultHoles = "tests/fixtures/holes/csharp-heldout.jsonl";
    private const string RecordedEnding = ".5-gram.jsonl";

    private sealed record Arguments
    {
        public Option<string?> Holes { get; } =
            new("--holes")
            {
                Description =
                    "What 'eval holes' wrote, or JSON lines {\"id\",\"kind\",\"prefix\",\"suffix\",\"answer\"}. Default: the held-out C# of this project",
                HelpName = "FILE",
            };

        public Option<string[]> Kinds { get; } =
            new("--kind")
            {
                Description = $"Only holes of this kind: {string.Join(", ", KindWords)}. Repeat for more. Default: all",
                HelpName = "KIND",
                AllowMultipleArgumentsPerToken = false,
            };

        public Option<string?> Baseline { get; } =
            new("--baseline")
            {
                Description =
                    "What to compare with: a folder of token shards, of which a 5-gram model is counted, or fills that --record wrote. Default: the recorded fills beside the holes, if there are any",
                HelpName = "PATH",
            };

        public Option<long> BaselineTokens { get; } =
            new("--baseline-tokens")
            {
                Description = "Tokens that the 5-gram model reads, as many as the model was trained on. Default: all",
                HelpName = "N",
                DefaultValueFactory = _ => long.MaxValue,
            };

        public Option<string?> Record { get; } =
            new("--record") { Description = "Write the baseline's fills to this file", HelpName = "FILE" };

        public EvaluationOptions Evaluation { get; } = new("holes of each kind");

        public SamplingOptions Sampling { get; } = new();
    }

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var arguments = new Arguments();
        arguments.Kinds.AcceptOnlyFromAmong(KindWords);
        var command = new DocumentedCommand("infill", "Fill held-out holes, print exact match and edit similarity beside a baseline")
        {
            Details =
            [
                "A fill of a single-line or in-line hole ends at its first line end, and any is exact when it equals the answer, both trimmed. It",
                "parses when the file has no more C# syntax errors than with the answer. With a baseline, the differences are printed with 95 %",
                "intervals of a paired bootstrap.",
            ],
            Examples =
            [
                new("The embedded model", "stable-diffcoder eval infill"),
                new("Few holes of two kinds", "stable-diffcoder eval infill --kind single-line --kind in-line --limit 100"),
                new(
                    "Count the baseline anew",
                    "stable-diffcoder eval infill --baseline artifacts/training/tokens --baseline-tokens 19000000"
                ),
            ],
        };
        foreach (
            Option option in (Option[])
                [
                    arguments.Holes,
                    arguments.Kinds,
                    arguments.Evaluation.Limit,
                    arguments.Baseline,
                    arguments.BaselineTokens,
                    arguments.Record,
                    arguments.Evaluation.Json,
                ]
        )
        {
            command.Options.Add(option);
        }
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
        if (parsed.GetValue(arguments.Record) is string recordFile)
        {
            FileFaults.RequireWritable(recordFile);
        }
        string holesFile = parsed.GetValue(arguments.Holes) ?? DefaultHolesFile();
        Hole[] holes = Choose(TrainingInput.Read(holesFile, HoleFile.Read), arguments, parsed);
        string recorded = Path.ChangeExtension(holesFile, null) + RecordedEnding;
        string? baselinePath = parsed.GetValue(arguments.Baseline) ?? (File.Exists(recorded) ? recorded : null);
        IHoleFiller? baseline = baselinePath is null
            ? null
            : EvalBaseline.Load(baselinePath, parsed.GetValue(arguments.BaselineTokens), () => ModelSession.LoadTokenizer(parsed, options));
        await using IInfillEngine engine = await ModelSession.LoadEngineAsync(parsed, options, progress: null, cancellationToken);
        InfillEvaluationReport report;
        using (var progress = new ProgressLine<InfillEvaluationProgress>(console, Describe))
        {
            var evaluation = new InfillEvaluationOptions { MaxNewTokens = sampling.MaxNewTokens, Sampling = sampling };
            report = await InfillEvaluation.RunAsync(engine, holes, baseline, evaluation, progress, cancellationToken);
        }
        if (parsed.GetValue(arguments.Record) is string record && baseline is not null)
        {
            RecordedHoleFiller.Write(record, report.Scores.Where(score => score.Filler == baseline.Name));
        }
        arguments.Evaluation.Print(console, parsed, report.ToJson, report.ToTable);
        return ExitCodes.Done;
    }

    /// <summary>The held-out holes that the repository ships.</summary>
    /// <exception cref="InvalidInputException">They are not there: this is a published program.</exception>
    public static string DefaultHolesFile() => EvaluationOptions.Fixture(DefaultHoles, "--holes");

    private static string[] KindWords { get; } = [.. Enum.GetValues<HoleKind>().Select(HoleKindWords.Of)];

    private static Hole[] Choose(IReadOnlyList<Hole> holes, Arguments arguments, ParseResult parsed)
    {
        string[] kinds = parsed.GetValue(arguments.Kinds) ?? [];
        Hole[] chosen = arguments.Evaluation.FirstOfEach(
            holes.Where(hole => kinds.Length == 0 || kinds.Contains(HoleKindWords.Of(hole.Kind))),
            hole => hole.Kind,
            parsed
        );
        return chosen.Length > 0
            ? chosen
            : throw new InvalidInputException("No holes are left to fill; look at --holes, --kind and --limit.");
    }

    private static string Describe(InfillEvaluationProgress progress) =>
        EvaluationOptions.Progress(progress.Filler, progress.Done, progress.Total, "holes", progress.ExactMatch);
}
