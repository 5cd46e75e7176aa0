using System.CommandLine;

namespace StableDiffCoder.Cli.Help;

/// <summary>An example of a command line.</summary>
/// <param name="What">What it does.</param>
/// <param name="How">The command line.</param>
internal sealed record HelpExample(string What, string How);

/// <summary>A command whose help has more than its options.</summary>
/// <param name="name">Its name.</param>
/// <param name="summary">What it does, in one line, for the list of commands.</param>
internal sealed class DocumentedCommand(string name, string summary) : Command(name, summary)
{
    /// <value>How it is used, line by line, below the summary. Default none.</value>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <value>How long it may take to stop after Ctrl+C before the process is ended. Default 10 seconds: a forward of a large model on a CPU.</value>
    public TimeSpan TerminationTimeout { get; init; } = DefaultTerminationTimeout;

    /// <summary>Of a command that says nothing else.</summary>
    public static TimeSpan DefaultTerminationTimeout { get; } = TimeSpan.FromSeconds(10);

    /// <value>Examples at the end. Default none.</value>
    public IReadOnlyList<HelpExample> Examples { get; init; } = [];
}
