using System.CommandLine;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Cli.Measuring;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Training.Evaluation.Edits;
using StableDiffCoder.Training.Sft;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>eval edit</c>: exact match and parse rate on held-out edits, by kind, beside the baseline that changes nothing.</summary>
internal static class EvalEditCommand
{
    private const string DefaultEdits = "tests/fixtures/edits/csharp-heldout.jsonl";

    private sealed record Arguments
    {
        public Option<string?> Edits { get; } =
            new("--edits")
            {
                Description = "Samples that 'train sft-data' wrote. Default: the held-out C# edits of this project",
                HelpName = "FILE",
            };

        public Option<string?> CanItEdit { get; } =
            new("--canitedit") { Description = "CanItEdit's published file instead, as JSON or JSON lines", HelpName = "FILE" };

        public Option<CanItEditInstruction> Instructions { get; } =
            new("--instructions")
            {
                Description = "Which of CanItEdit's instructions to give. Default: Descriptive",
                HelpName = "Descriptive|Lazy",
            };

        public Option<bool> Server { get; } =
            new("--server")
            {
                Description =
                    "Ask a language server process (stableDiffCoder/edit), which samples as it does for an editor; not with --canitedit",
            };

        public EvaluationOptions Evaluation { get; } = new("edits of each kind");

        public EditSamplingOptions Sampling { get; } = new();
    }

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var arguments = new Arguments();
        var command = new DocumentedCommand("edit", "Edit held-out code by instruction, print exact match and parse rate by kind")
        {
            Details =
            [
                "An answer is exact when it equals the right one, line ends and blanks around it not counted. The 95 % interval is that of a paired",
                "bootstrap over the baseline that changes nothing. Answers are never run; --json prints them, for tests elsewhere.",
            ],
            Examples =
            [
                new("The embedded model", "stable-diffcoder eval edit"),
                new("As an editor gets them", "stable-diffcoder eval edit --server"),
                new("A benchmark", "stable-diffcoder eval edit --canitedit test.jsonl --json"),
            ],
        };
        command.AddOptions(
            arguments.Edits,
            arguments.CanItEdit,
            arguments.Instructions,
            arguments.Server,
            arguments.Evaluation.Limit,
            arguments.Evaluation.Json
        );
        arguments.Sampling.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(arguments.Edits) is not null && result.GetResult(arguments.CanItEdit) is not null)
            {
                result.AddError("--edits and --canitedit do not go together; give one of them.");
            }
            if (result.GetValue(arguments.Server) && result.GetResult(arguments.CanItEdit) is not null)
            {
                result.AddError("--server takes edits of C#; leave --canitedit out.");
            }
        });
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
        EditOptions sampling = arguments.Sampling.Read(parsed);
        EditSample[] samples = arguments.Evaluation.FirstOfEach(Read(parsed, arguments), sample => sample.Kind, parsed);
        EditEvaluationReport report;
        if (parsed.GetValue(arguments.Server))
        {
            if (sampling != new EditOptions())
            {
                throw new InvalidInputException("--server samples as it does for an editor; leave the sampling options out.");
            }
            await using LspPipe server = LspPipe.Start(ServerArguments.Of(parsed, options));
            ServerEditor editor = await ServerEditor.OpenAsync(server, cancellationToken);
            report = await EvaluateAsync(editor, samples, console, cancellationToken);
        }
        else
        {
            await using InfillEngine engine = await ModelSession.LoadEditorAsync(parsed, options, progress: null, cancellationToken);
            var editor = new EngineEditor(engine, engine.Description.Model, sampling);
            report = await EvaluateAsync(editor, samples, console, cancellationToken);
        }
        arguments.Evaluation.Print(console, parsed, report.ToJson, report.ToTable);
        return ExitCodes.Done;
    }

    private static async Task<EditEvaluationReport> EvaluateAsync(
        IEditor editor,
        EditSample[] samples,
        CommandConsole console,
        CancellationToken cancellationToken
    )
    {
        using var progress = new ProgressLine<EditEvaluationProgress>(console, Describe);
        return await EditEvaluation.RunAsync(editor, samples, seed: 0, progress, cancellationToken);
    }

    private static IEnumerable<EditSample> Read(ParseResult parsed, Arguments arguments)
    {
        if (parsed.GetValue(arguments.CanItEdit) is string problems)
        {
            CanItEditInstruction instruction = parsed.GetValue(arguments.Instructions);
            return TrainingInput.Read(problems, CanItEditFile.Read).Select(problem => problem.ToSample(instruction));
        }
        string file = parsed.GetValue(arguments.Edits) ?? EvaluationOptions.Fixture(DefaultEdits, "--edits");
        return TrainingInput.Read(file, EditShard.Read);
    }

    private static string Describe(EditEvaluationProgress progress) =>
        EvaluationOptions.Progress(progress.Editor, progress.Done, progress.Total, "edits", progress.ExactMatch);
}
