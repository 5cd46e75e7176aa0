using System.Text;
using Spectre.Console;

namespace StableDiffCoder.Cli;

/// <summary>What the commands read from and write to. Text is UTF-8 whatever the locale says.</summary>
public sealed class CommandConsole
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Where results go.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Where messages go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Opens standard input, for a file named <c>-</c>.</summary>
    public required Func<Stream> OpenInput { get; init; }

    /// <summary>Whether <see cref="Output"/> is a terminal that takes colours and cursor movement.</summary>
    public required bool IsTerminal { get; init; }

    /// <summary>Whether <see cref="Error"/> is one.</summary>
    public required bool IsErrorTerminal { get; init; }

    /// <summary>The console of this process.</summary>
    public static CommandConsole ForProcess() =>
        new()
        {
            Output = new StreamWriter(Console.OpenStandardOutput(), Utf8) { AutoFlush = true },
            Error = new StreamWriter(Console.OpenStandardError(), Utf8) { AutoFlush = true },
            OpenInput = Console.OpenStandardInput,
            IsTerminal = !Console.IsOutputRedirected && TerminalIsCapable(),
            IsErrorTerminal = !Console.IsErrorRedirected && TerminalIsCapable(),
        };

    /// <summary>A Spectre console over <see cref="Output"/>; for terminals only.</summary>
    public IAnsiConsole CreateAnsiConsole() =>
        AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = IsTerminal ? AnsiSupport.Yes : AnsiSupport.No,
                ColorSystem = IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Out = new AnsiConsoleOutput(IsTerminal ? Console.Out : Output),
            }
        );

    private static bool TerminalIsCapable() =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";
}
