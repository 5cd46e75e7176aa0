using System.CommandLine;
using System.CommandLine.Invocation;
using StableDiffCoder.Cli.Commands;

namespace StableDiffCoder.Cli.Help;

/// <summary>
/// Prints <c>--help</c>: what a command does, its usage, subcommands under headings, its own options, the options of all commands, examples.
/// </summary>
/// <param name="options">Options of all commands.</param>
/// <param name="groups">Headings of the root's commands.</param>
internal sealed class HelpPage(GlobalOptions options, IReadOnlyList<CommandGroup> groups) : SynchronousCommandLineAction
{
    private static readonly HelpExample[] RootExamples =
    [
        new("Fill columns 9 to 40 of line 12", "stable-diffcoder infill Stack.cs --span 12:9-12:40"),
        new("All about a command", "stable-diffcoder infill --help"),
    ];

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        Write(parseResult.CommandResult.Command, new HelpWriter(parseResult.InvocationConfiguration.Output));
        return ExitCodes.Done;
    }

    private void Write(Command command, HelpWriter writer)
    {
        writer.Paragraph(command.Description ?? "");
        writer.Lines((command as DocumentedCommand)?.Details ?? []);
        writer.Section("Usage", [Usage(command)]);
        foreach ((string heading, IEnumerable<Command> commands) in Groups(command))
        {
            writer.Table(heading, commands.Where(c => !c.Hidden).Select(c => (c.Name, c.Description ?? "")));
        }
        writer.Table("Arguments", command.Arguments.Where(a => !a.Hidden).Select(a => (a.HelpName ?? a.Name, a.Description ?? "")));
        bool isRoot = command is RootCommand;
        writer.Table("Options", command.Options.Where(o => !o.Hidden && !o.Recursive && o is not VersionOption).Select(Row));
        IEnumerable<Option> version = command.Options.OfType<VersionOption>();
        writer.Table(
            isRoot ? "Options" : "Options of every command",
            options.All.Concat(version).Select(Row).Append(("--help", "Show this help"))
        );
        writer.Examples(isRoot ? RootExamples : (command as DocumentedCommand)?.Examples ?? []);
    }

    private IEnumerable<(string Heading, IEnumerable<Command> Commands)> Groups(Command command) =>
        command is RootCommand ? groups.Select(group => (group.Heading, group.Commands.AsEnumerable()))
        : command.Subcommands.Count > 0 ? [("Commands", command.Subcommands)]
        : [];

    private static (string, string) Row(Option option)
    {
        string name = option.HelpName is null ? option.Name : $"{option.Name} {option.HelpName}";
        return (name, (option.Description ?? "") + (option.Required ? " (required)" : ""));
    }

    private static string Usage(Command command)
    {
        IEnumerable<string> path = PathOf(command);
        IEnumerable<string> arguments = command.Arguments.Select(argument =>
        {
            string name = argument.HelpName ?? argument.Name;
            return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
        });
        IEnumerable<string> required = command
            .Options.Where(option => option.Required)
            .Select(option => $"{option.Name} {option.HelpName}");
        string rest = command.Subcommands.Count > 0 ? "COMMAND [options]" : "[options]";
        return string.Join(' ', [.. path, .. arguments, .. required, rest]);
    }

    private static IEnumerable<string> PathOf(Command command)
    {
        Command? parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null ? ["stable-diffcoder"] : [.. PathOf(parent), command.Name];
    }
}
