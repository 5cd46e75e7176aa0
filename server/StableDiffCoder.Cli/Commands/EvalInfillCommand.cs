using System.CommandLine;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>eval infill</c>: exact match and edit similarity on held-out holes, beside a baseline.</summary>
internal static class EvalInfillCommand
{
    private const string RecordedEnding = ".5-gram.jsonl";

    private sealed record Arguments
    {
        public HoleOptions Holes { get; } = new();

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

        public Option<int?> Repair { get; } =
            new("--repair")
            {
                Description =
                    $"Mend fills with new syntax errors in up to this many rounds, 1 to {FillRepair.MostRounds}, and compare each number of rounds with none; with --baseline, the last with that",
                HelpName = "K",
            };

        public SamplingOptions Sampling { get; } = new();
    }

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var arguments = new Arguments();
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
                new("What mending the syntax does", "stable-diffcoder eval infill --repair 2"),
                new(
                    "Count the baseline anew",
                    "stable-diffcoder eval infill --baseline artifacts/training/tokens --baseline-tokens 19000000"
                ),
            ],
        };
        command.AddOptions([
            .. arguments.Holes.Options,
            arguments.Baseline,
            arguments.BaselineTokens,
            arguments.Record,
            arguments.Repair,
            arguments.Holes.Evaluation.Json,
        ]);
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
        Hole[] holes = arguments.Holes.Choose(parsed);
        string recorded = Path.ChangeExtension(arguments.Holes.FileOf(parsed), null) + RecordedEnding;
        int rounds = RepairRounds(parsed.GetValue(arguments.Repair));
        string? baselinePath = parsed.GetValue(arguments.Baseline) ?? (File.Exists(recorded) && rounds == 0 ? recorded : null);
        IHoleFiller? baseline = baselinePath is null
            ? null
            : EvalBaseline.Load(baselinePath, parsed.GetValue(arguments.BaselineTokens), () => ModelSession.LoadTokenizer(parsed, options));
        await using IInfillEngine engine = await ModelSession.LoadEngineAsync(parsed, options, progress: null, cancellationToken);
        InfillEvaluationReport report;
        using (var progress = new ProgressLine<InfillEvaluationProgress>(console, Describe))
        {
            var evaluation = new InfillEvaluationOptions { MaxNewTokens = sampling.MaxNewTokens, Sampling = sampling };
            IReadOnlyList<IHoleFiller> own = new RepairedFills(engine, sampling, rounds).Fillers;
            IReadOnlyList<IHoleFiller> fillers = baseline is null ? own : [own[0], baseline];
            report = await InfillEvaluation.RunAsync(fillers, holes, evaluation, progress, cancellationToken);
        }
        if (parsed.GetValue(arguments.Record) is string record && baseline is not null)
        {
            RecordedHoleFiller.Write(record, report.Scores.Where(score => score.Filler == baseline.Name));
        }
        arguments.Holes.Evaluation.Print(console, parsed, report.ToJson, report.ToTable);
        return ExitCodes.Done;
    }

    private static int RepairRounds(int? given) =>
        given is null or (>= 1 and <= FillRepair.MostRounds)
            ? given ?? 0
            : throw new InvalidInputException($"--repair is {given}; use 1 to {FillRepair.MostRounds}.");

    private static string Describe(InfillEvaluationProgress progress) =>
        EvaluationOptions.Progress(progress.Filler, progress.Done, progress.Total, "holes", progress.ExactMatch);
}
