using System.CommandLine;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Training.Corpus;
using StableDiffCoder.Training.Sft;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>train sft-data --corpus DIR --out DIR</c>.</summary>
internal static class TrainSftDataCommand
{
    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var corpus = new Option<string>("--corpus")
        {
            Description = "Folder that 'train corpus' wrote",
            HelpName = "DIR",
            Required = true,
        };
        var output = new Option<string>("--out")
        {
            Description = "Folder for the samples and sft.json",
            HelpName = "DIR",
            Required = true,
        };
        var defaults = new SftCorpusOptions { CorpusDirectory = "", OutputDirectory = "" };
        Option<int> perKind = Number("--per-kind", "Most samples of a kind for training", defaults.TrainSamplesPerKind);
        Option<int> heldOut = Number(
            "--held-out",
            "Most samples of a kind for validation, and for the test",
            defaults.HeldOutSamplesPerKind
        );
        Option<int> longest = Number("--longest", "Most characters of the code to edit, indentation not counted", defaults.LongestRegion);
        Option<int> context = Number("--context", "Most characters kept before the code; a third of it behind", defaults.PrefixLength);
        Option<int> seed = Number("--seed", "Seed of the files, places and words", defaults.Seed);
        var command = new DocumentedCommand("sft-data", "Make samples of edits by instruction from a corpus of C#")
        {
            Details =
            [
                "A line is {\"kind\":…,\"instruction\":…,\"before\":…,\"after\":…,\"prefix\":…,\"suffix\":…,\"path\":…}. The held-out files of the",
                "corpus stay held out, and the test split asks in words of its own.",
            ],
        };
        command.AddOptions(corpus, output, perKind, heldOut, longest, context, seed);
        command.SetAction(
            options,
            console,
            (parsed, cancellationToken) =>
            {
                var samples = new SftCorpusOptions
                {
                    CorpusDirectory = parsed.GetRequiredValue(corpus),
                    OutputDirectory = parsed.GetRequiredValue(output),
                    TrainSamplesPerKind = parsed.GetValue(perKind),
                    HeldOutSamplesPerKind = parsed.GetValue(heldOut),
                    LongestRegion = parsed.GetValue(longest),
                    PrefixLength = parsed.GetValue(context),
                    SuffixLength = parsed.GetValue(context) / 3,
                    Seed = parsed.GetValue(seed),
                };
                samples.Validate();
                SftManifest manifest;
                using (var progress = new ProgressLine<CorpusProgress>(console, p => $"{p.Stage}: {p.Done} samples of at most {p.Total}"))
                {
                    manifest = TrainingInput.Read(
                        samples.CorpusDirectory,
                        _ => SftCorpusBuilder.Build(samples, progress, cancellationToken)
                    );
                }
                Print(manifest, console);
                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }

    private static Option<int> Number(string name, string description, int fallback) =>
        new(name)
        {
            Description = $"{description}. Default: {fallback}",
            HelpName = "N",
            DefaultValueFactory = _ => fallback,
        };

    private static void Print(SftManifest manifest, CommandConsole console)
    {
        console.Output.WriteLine($"{"kind", -24}{string.Concat(manifest.Splits.Keys.Select(split => $"{split, 12}"))}");
        foreach (IEditKind kind in EditKinds.All)
        {
            console.Output.WriteLine(
                $"{kind.Name, -24}{string.Concat(manifest.Splits.Values.Select(split => $"{split.ByKind[kind.Name], 12}"))}"
            );
        }
    }
}
