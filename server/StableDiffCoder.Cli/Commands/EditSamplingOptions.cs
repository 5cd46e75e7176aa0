using System.CommandLine;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.Commands;

/// <summary>Options of how an edit is sampled; <see cref="EditOptions"/> has the defaults.</summary>
internal sealed class EditSamplingOptions
{
    private readonly Option<int?> maxNewTokens = new("--max-new-tokens")
    {
        Description = "Most tokens of the answer. Default: a quarter more than the code has, and some",
        HelpName = "N",
    };

    private readonly Option<double?> threshold = new("--threshold")
    {
        Description = "Reveal every token at least this probable at once, such as 0.9: fewer forwards. Default: one token a forward",
        HelpName = "P",
    };

    private readonly Option<double?> codePrior = new("--code-prior")
    {
        Description =
            "Largest weight, below 1, of the code itself as what comes next; 0 leaves all to the model. Default: a third of the model's document prior",
        HelpName = "W",
    };

    private readonly Option<double?> temperature = new("--temperature") { Description = "0 is greedy. Default: 0", HelpName = "T" };

    private readonly Option<long?> seed = new("--seed") { Description = "Seed for temperatures above 0. Default: 0", HelpName = "N" };

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        command.AddOptions(maxNewTokens, codePrior, threshold, temperature, seed);
    }

    /// <summary>What the command line says.</summary>
    /// <exception cref="ArgumentException">A value is out of bounds.</exception>
    public EditOptions Read(ParseResult parsed)
    {
        var defaults = new EditOptions();
        EditOptions read = defaults with
        {
            MaxNewTokens = parsed.GetValue(maxNewTokens) ?? defaults.MaxNewTokens,
            CodePrior = parsed.GetValue(codePrior) ?? defaults.CodePrior,
            Threshold = parsed.GetValue(threshold) ?? defaults.Threshold,
            Temperature = parsed.GetValue(temperature) ?? defaults.Temperature,
            Seed = parsed.GetValue(seed) ?? defaults.Seed,
        };
        read.Validate();
        return read;
    }
}
