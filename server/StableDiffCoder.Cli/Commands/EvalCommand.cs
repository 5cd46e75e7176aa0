using System.CommandLine;
using StableDiffCoder.Cli.Help;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>eval …</c>: how good a model is.</summary>
internal static class EvalCommand
{
    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var command = new DocumentedCommand("eval", "Measure how well a model fills held-out holes and follows instructions");
        command.Subcommands.Add(EvalInfillCommand.Create(options, console));
        command.Subcommands.Add(EvalSuggestionsCommand.Create(options, console));
        command.Subcommands.Add(EvalHolesCommand.Create(options, console));
        command.Subcommands.Add(EvalHumanEvalCommand.Create(options, console));
        command.Subcommands.Add(EvalEditCommand.Create(options, console));
        command.Subcommands.Add(EvalContextCommand.Create(options, console));
        command.Subcommands.Add(EvalSpansCommand.Create(options, console));
        command.Subcommands.Add(EvalStrategiesCommand.Create(options, console));
        command.Subcommands.Add(EvalQuantizationCommand.Create(options, console));
        return command;
    }
}
