using System.CommandLine;
using StableDiffCoder.Cli.Help;

namespace StableDiffCoder.Cli.JsonLines;

/// <summary>What the commands that read JSON lines share: the option, and the way from it to answers.</summary>
internal static class JsonLinesCommand
{
    /// <summary>The option <c>--jsonl FILE</c>.</summary>
    public static Option<string> Option(bool required = true) =>
        new("--jsonl")
        {
            Description = "Read one JSON object a line from FILE, or from standard input when it is '-'; print one a line",
            HelpName = "FILE",
            Required = required,
        };

    /// <summary>A command that is nothing but a JSON-lines loop.</summary>
    /// <param name="name">Name of the command.</param>
    /// <param name="summary">What it does, in one line.</param>
    /// <param name="details">The fields of its lines.</param>
    /// <param name="options">Global options.</param>
    /// <param name="console">Where to write.</param>
    /// <param name="load">Loads what all lines need, once, and returns the answerer.</param>
    public static Command Create(
        string name,
        string summary,
        IReadOnlyList<string> details,
        GlobalOptions options,
        CommandConsole console,
        Func<ParseResult, CancellationToken, Task<IJsonLineAnswerer>> load
    ) => Create(name, summary, details, options, console, [], load);

    /// <summary>The same with options of the command's own.</summary>
    /// <param name="name">Name of the command.</param>
    /// <param name="summary">What it does, in one line.</param>
    /// <param name="details">The fields of its lines.</param>
    /// <param name="options">Global options.</param>
    /// <param name="console">Where to write.</param>
    /// <param name="more">The options.</param>
    /// <param name="load">Loads what all lines need, once, and returns the answerer.</param>
    public static Command Create(
        string name,
        string summary,
        IReadOnlyList<string> details,
        GlobalOptions options,
        CommandConsole console,
        IReadOnlyList<Option> more,
        Func<ParseResult, CancellationToken, Task<IJsonLineAnswerer>> load
    )
    {
        var command = new DocumentedCommand(name, summary) { Details = details };
        Option<string> jsonl = Option();
        command.Options.Add(jsonl);
        command.AddOptions(more);
        command.SetAction(
            options,
            console,
            (parsed, cancellationToken) =>
                JsonLinesRunner.RunAsync(parsed.GetRequiredValue(jsonl), console, () => load(parsed, cancellationToken), cancellationToken)
        );
        return command;
    }
}
