using System.CommandLine;
using StableDiffCoder.Cli.Help;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>train …</c>: from source trees to a model, step by step.</summary>
internal static class TrainCommand
{
    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var command = new DocumentedCommand("train", "Make a corpus, a tokenizer and token shards, and train a model")
        {
            Details = ["The steps stand in the order in which they are run; docs/training.md tells what each of them does."],
        };
        command.Subcommands.Add(TrainCorpusCommand.Create(options, console));
        command.Subcommands.Add(TrainTokenizerCommand.Create(options, console));
        command.Subcommands.Add(TrainTokensCommand.Create(options, console));
        command.Subcommands.Add(TrainSftDataCommand.Create(options, console));
        command.Subcommands.Add(TrainRunCommand.Create(options, console));
        command.Subcommands.Add(TrainExportCommand.Create(options, console));
        command.Subcommands.Add(TrainReportCommand.Create(options, console));
        command.Subcommands.Add(TrainBenchCommand.Create(options, console));
        command.Subcommands.Add(TrainExperimentCommand.Create(options, console));
        return command;
    }
}
