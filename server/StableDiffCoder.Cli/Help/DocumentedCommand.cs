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

    /// <value>Examples at the end. Default none.</value>
    public IReadOnlyList<HelpExample> Examples { get; init; } = [];
}
