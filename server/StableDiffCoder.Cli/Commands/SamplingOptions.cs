using System.CommandLine;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.Commands;

/// <summary>Options of how to sample; <see cref="InfillOptions"/> has the defaults.</summary>
internal sealed class SamplingOptions
{
    private readonly Option<int?> maxNewTokens = new("--max-new-tokens")
    {
        Description = $"Most tokens a span may get. Default: {new InfillOptions().MaxNewTokens}",
        HelpName = "N",
    };

    private readonly Option<double?> threshold = new("--threshold")
    {
        Description = "Reveal every token at least this probable at once, such as 0.9: fewer forwards. Default: one token a forward",
        HelpName = "P",
    };

    private readonly Option<double?> temperature = new("--temperature") { Description = "0 is greedy. Default: 0", HelpName = "T" };

    private readonly Option<long?> seed = new("--seed") { Description = "Seed for temperatures above 0. Default: 0", HelpName = "N" };

    private readonly Option<string[]> stop = new("--stop")
    {
        Description = "End a span's text before this string. Repeat for more",
        HelpName = "TEXT",
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>Adds the options.</summary>
    /// <param name="command">To this command.</param>
    /// <param name="withStop">Without --stop, for a command that has a stop rule of its own.</param>
    public void AddTo(Command command, bool withStop = true)
    {
        foreach (Option option in (Option[])[maxNewTokens, threshold, temperature, seed, .. withStop ? [stop] : Array.Empty<Option>()])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What the command line says, over defaults.</summary>
    public InfillOptions Read(ParseResult parsed, InfillOptions defaults) =>
        defaults with
        {
            MaxNewTokens = parsed.GetValue(maxNewTokens) ?? defaults.MaxNewTokens,
            Threshold = parsed.GetValue(threshold) ?? defaults.Threshold,
            Temperature = parsed.GetValue(temperature) ?? defaults.Temperature,
            Seed = parsed.GetValue(seed) ?? defaults.Seed,
            StopStrings = parsed.GetValue(stop) is { Length: > 0 } strings ? strings : defaults.StopStrings,
        };
}
