using System.CommandLine;
using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Model;

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

    private readonly Option<double?> entropyBound = new("--entropy-bound")
    {
        Description = "Reveal the surest tokens while their entropies sum to at most this, the largest left out, such as 0.6",
        HelpName = "NATS",
    };

    private readonly Option<string?> remasking = new("--remasking")
    {
        Description =
            "Which tokens to reveal first: low-confidence (remask those, reveal the surest) or left-to-right. Default: what the model says",
        HelpName = "ORDER",
    };

    private readonly Option<double?> documentPrior = new("--document-prior")
    {
        Description =
            "Largest weight, below 1, of what the document says where it repeats itself; 0 leaves all to the model. Default: what the model says",
        HelpName = "W",
    };

    private readonly Option<string?> sampler = new("--sampler")
    {
        Description =
            $"One of {string.Join(", ", Samplers.All.Select(known => known.Name))}. Default: {Samplers.NameOf(new InfillOptions().Sampler)}",
        HelpName = "NAME",
    };

    private readonly Option<double?> temperature = new("--temperature") { Description = "0 is greedy. Default: 0", HelpName = "T" };

    private readonly Option<long?> seed = new("--seed") { Description = "Seed for temperatures above 0. Default: 0", HelpName = "N" };

    private readonly Option<string[]> stop = new("--stop")
    {
        Description = "End a span's text before this string. Repeat for more",
        HelpName = "TEXT",
        AllowMultipleArgumentsPerToken = false,
    };

    private readonly Option<bool> stopAtSuffix = new("--stop-at-suffix")
    {
        Description = "End a span's text where the text behind the span begins again",
    };

    private readonly Option<double?> deadline = new("--deadline-ms")
    {
        Description = "Answer by then with what is finished. Default: wait for the whole",
        HelpName = "MS",
    };

    /// <summary>Accepts the samplers' names only.</summary>
    public SamplingOptions()
    {
        sampler.AcceptOnlyFromAmong([.. Samplers.All.Select(known => known.Name)]);
        remasking.AcceptOnlyFromAmong("low-confidence", "left-to-right");
    }

    /// <summary>Adds the options.</summary>
    /// <param name="command">To this command.</param>
    /// <param name="withStop">Without --stop, for a command that has a stop rule of its own.</param>
    public void AddTo(Command command, bool withStop = true)
    {
        Option[] always = [maxNewTokens, sampler, remasking, documentPrior, threshold, entropyBound, temperature, seed];
        command.AddOptions([.. always, .. withStop ? [stop, stopAtSuffix] : Array.Empty<Option>(), deadline]);
    }

    /// <summary>What the command line says, over defaults.</summary>
    public InfillOptions Read(ParseResult parsed, InfillOptions defaults) =>
        defaults with
        {
            MaxNewTokens = parsed.GetValue(maxNewTokens) ?? defaults.MaxNewTokens,
            Threshold = parsed.GetValue(threshold) ?? defaults.Threshold,
            EntropyBound = parsed.GetValue(entropyBound) ?? defaults.EntropyBound,
            Remasking = parsed.GetValue(remasking) switch
            {
                "low-confidence" => RemaskingOrder.LowConfidence,
                "left-to-right" => RemaskingOrder.LeftToRight,
                _ => defaults.Remasking,
            },
            DocumentPrior = parsed.GetValue(documentPrior) ?? defaults.DocumentPrior,
            Sampler = parsed.GetValue(sampler) is string name ? Samplers.Find(name)!.Kind : defaults.Sampler,
            Temperature = parsed.GetValue(temperature) ?? defaults.Temperature,
            Seed = parsed.GetValue(seed) ?? defaults.Seed,
            StopStrings = parsed.GetValue(stop) is { Length: > 0 } strings ? strings : defaults.StopStrings,
            StopAtSuffix = parsed.GetValue(stopAtSuffix) || defaults.StopAtSuffix,
            DeadlineMilliseconds = parsed.GetValue(deadline) ?? defaults.DeadlineMilliseconds,
        };
}
