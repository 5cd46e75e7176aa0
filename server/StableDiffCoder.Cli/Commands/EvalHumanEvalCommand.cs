using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Training.Evaluation;
using StableDiffCoder.Training.Evaluation.HumanEval;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>eval humaneval --tasks FILE</c>.</summary>
internal static class EvalHumanEvalCommand
{
    private sealed record Arguments
    {
        public Option<string> Tasks { get; } =
            new("--tasks")
            {
                Description =
                    "A file of HumanEval-Infilling, unpacked: {\"task_id\",\"entry_point\",\"prompt\",\"suffix\",\"canonical_solution\",\"test\"} a line",
                HelpName = "FILE",
                Required = true,
            };

        public EvaluationOptions Evaluation { get; } = new("tasks");

        public Option<string?> Samples { get; } =
            new("--samples")
            {
                Description = "Write {\"task_id\",\"completion\"} lines, which the published harness reads",
                HelpName = "FILE",
            };

        public Option<bool> RunCode { get; } =
            new("--run-code")
            {
                Description =
                    "Run the generated programs with python3, each a process with limits on time and memory. They are a model's: do it in a container",
            };

        public Option<int> Seconds { get; } =
            new("--seconds")
            {
                Description = $"Time of a program. Default: {new ProgramOptions().Seconds}",
                HelpName = "N",
                DefaultValueFactory = _ => new ProgramOptions().Seconds,
            };

        public SamplingOptions Sampling { get; } = new();
    }

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var arguments = new Arguments();
        var command = new DocumentedCommand("humaneval", "Fill the tasks of HumanEval-Infilling")
        {
            Details = ["The tasks are not part of this project. Nothing that the model wrote is run unless --run-code is given."],
        };
        command.AddOptions(arguments.Tasks, arguments.Evaluation.Limit, arguments.Samples, arguments.RunCode, arguments.Seconds);
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
        if (parsed.GetValue(arguments.Samples) is string samplesFile)
        {
            FileFaults.RequireWritable(samplesFile);
        }
        ProgramOptions? programs = parsed.GetValue(arguments.RunCode)
            ? new ProgramOptions { Seconds = parsed.GetValue(arguments.Seconds) }
            : null;
        programs?.Validate();
        IReadOnlyList<InfillingTask> tasks = arguments.Evaluation.FirstOfEach(
            TrainingInput.Read(parsed.GetRequiredValue(arguments.Tasks), InfillingTask.Read),
            _ => "all of one kind",
            parsed
        );
        await using IInfillEngine engine = await ModelSession.LoadEngineAsync(parsed, options, progress: null, cancellationToken);
        IReadOnlyList<InfillingScore> scores;
        using (
            var progress = new ProgressLine<InfillEvaluationProgress>(
                console,
                state => EvaluationOptions.Progress(state.Filler, state.Done, state.Total, "tasks", state.ExactMatch)
            )
        )
        {
            var filler = new EngineHoleFiller(engine, sampling);
            scores = await InfillingEvaluation.RunAsync(filler, tasks, sampling.MaxNewTokens, programs, progress, cancellationToken);
        }
        if (parsed.GetValue(arguments.Samples) is string file)
        {
            await File.WriteAllLinesAsync(
                file,
                scores.Select(score => JsonSerializer.Serialize(new { task_id = score.TaskId, completion = score.Completion })),
                cancellationToken
            );
        }
        console.Output.WriteLine(Summary(scores));
        return ExitCodes.Done;
    }

    private static string Summary(IReadOnlyList<InfillingScore> scores)
    {
        double tokensPerForward = (double)scores.Sum(score => score.Tokens) / Math.Max(1, scores.Sum(score => score.Forwards));
        string figures = string.Create(
            CultureInfo.InvariantCulture,
            $"{scores.Count} tasks: {100 * scores.Average(score => score.Exact ? 1.0 : 0.0):0.0} % exact, {100 * scores.Average(score => score.EditSimilarity):0.0} % edit similarity, {tokensPerForward:0.00} tokens/forward, {scores.Average(score => score.Milliseconds):0} ms"
        );
        return scores.All(score => score.Passed is null)
            ? figures
            : figures
                + string.Create(
                    CultureInfo.InvariantCulture,
                    $", {100 * scores.Average(score => score.Passed == true ? 1.0 : 0.0):0.0} % pass their test"
                );
    }
}
