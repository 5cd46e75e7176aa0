using System.CommandLine;

namespace StableDiffCoder.Cli;

/// <summary>Several options at once.</summary>
internal static class CommandOptions
{
    /// <summary>Adds options in the order in which the help shows them.</summary>
    public static void AddOptions(this Command command, params IEnumerable<Option> options)
    {
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }
    }
}
