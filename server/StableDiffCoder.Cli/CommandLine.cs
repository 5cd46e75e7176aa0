using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using StableDiffCoder.Cli.Commands;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Engine.Weights;
using StableDiffCoder.Training.Running;

namespace StableDiffCoder.Cli;

/// <summary>The command tree, and how what happens in a command becomes a message and an exit code.</summary>
public static class CommandLine
{
    /// <summary>Parses and runs one command line.</summary>
    /// <returns>An exit code, see <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, CommandConsole console)
    {
        RootCommand root = Build(console);
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            return Refuse(parsed, console);
        }
        var invocation = new InvocationConfiguration
        {
            Output = console.Output,
            Error = console.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = parsed.CommandResult.Command is DocumentedCommand documented
                ? documented.TerminationTimeout
                : DocumentedCommand.DefaultTerminationTimeout,
        };
        return await parsed.InvokeAsync(invocation);
    }

    /// <summary>The whole command tree.</summary>
    public static RootCommand Build(CommandConsole console)
    {
        var options = new GlobalOptions();
        IReadOnlyList<CommandGroup> groups = CommandGroup.All(options, console);
        var root = new RootCommand(
            "Fills holes in code with a block-diffusion language model: all tokens of a hole start masked, and every forward reveals those that the model is surest of."
        );
        options.AddTo(root);
        foreach (CommandGroup group in groups)
        {
            group.AddTo(root);
        }
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpPage(options, groups);
        }
        return root;
    }

    /// <summary>Sets what a command does: its exceptions become one line on stderr and an exit code.</summary>
    internal static void SetAction(
        this Command command,
        GlobalOptions options,
        CommandConsole console,
        Func<ParseResult, CancellationToken, Task<int>> run
    ) =>
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                try
                {
                    // Off this thread, so that the first await is reached and Ctrl+C is heard while a command computes.
                    return await Task.Run(() => run(parsed, cancellationToken), CancellationToken.None);
                }
                catch (Exception error)
                {
                    return Report(error, parsed.GetValue(options.Verbose), console, cancellationToken);
                }
            }
        );

    private static int Report(Exception error, bool verbose, CommandConsole console, CancellationToken cancellationToken)
    {
        if (error is OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            console.Error.WriteLine("stable-diffcoder: interrupted");
            return ExitCodes.Interrupted;
        }
        bool explains =
            error
            is InvalidInputException
                or ArgumentException
                or NotSupportedException
                or ModelLoadException
                or TrainingException
                or InvalidDataException
                or IOException
                or UnauthorizedAccessException
                or DllNotFoundException;
        string kind = explains ? "" : $"{error.GetType().Name}: ";
        string hint = explains || verbose ? "" : " (--verbose shows where)";
        console.Error.WriteLine($"stable-diffcoder: {kind}{OneLine(error.Message)}{hint}");
        if (verbose)
        {
            console.Error.WriteLine(error.ToString());
        }
        return error is InvalidInputException or ArgumentException ? ExitCodes.InvalidInput : ExitCodes.Failed;
    }

    private static int Refuse(ParseResult parsed, CommandConsole console)
    {
        foreach (string fault in ArgumentFaults.Describe(parsed))
        {
            console.Error.WriteLine($"stable-diffcoder: {fault}");
        }
        console.Error.WriteLine($"Try '{CommandPath(parsed.CommandResult)} --help'.");
        return ExitCodes.InvalidInput;
    }

    private static string CommandPath(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{CommandPath(parent)} {result.Command.Name}" : "stable-diffcoder";

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");
}
