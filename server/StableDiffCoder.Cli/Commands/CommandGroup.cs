using System.CommandLine;

namespace StableDiffCoder.Cli.Commands;

/// <summary>Commands under one heading of the help.</summary>
/// <param name="Heading">What they have in common.</param>
/// <param name="Commands">In the order of the help.</param>
public sealed record CommandGroup(string Heading, IReadOnlyList<Command> Commands)
{
    /// <summary>Every command of the program.</summary>
    public static IReadOnlyList<CommandGroup> All(GlobalOptions options, CommandConsole console) =>
        [
            new(
                "Write code",
                [InfillCommand.Create(options, console), EditCommand.Create(options, console), LspCommand.Create(options, console)]
            ),
            new(
                "Look inside the model",
                [
                    GenerateCommand.Create(options, console),
                    ScoreCommand.Create(options, console),
                    TokenizeCommand.Create(options, console),
                    DetokenizeCommand.Create(options, console),
                ]
            ),
            new(
                "Train and measure",
                [
                    TrainCommand.Create(options, console),
                    EvalCommand.Create(options, console),
                    BenchCommand.Create(options, console),
                    ModelCommand.Create(options, console),
                ]
            ),
        ];

    /// <summary>Adds the commands.</summary>
    public void AddTo(Command parent)
    {
        foreach (Command command in Commands)
        {
            parent.Subcommands.Add(command);
        }
    }
}
