using System.CommandLine;
using System.Globalization;
using StableDiffCoder.Cli.Display;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>train corpus --from DIR… --out DIR</c>.</summary>
internal static class TrainCorpusCommand
{
    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var from = new Option<string[]>("--from")
        {
            Description = "Source tree to read; repeat for more",
            HelpName = "DIR",
            Required = true,
        };
        var description = new Option<string[]>("--description")
        {
            Description =
                "What is known about a source tree: licences by folder, endings of its files (default .cs), folders to leave out or to hold out. The first goes with the first --from, and so on",
            HelpName = "FILE",
        };
        var output = new Option<string>("--out")
        {
            Description = "Folder for the shards and manifest.json",
            HelpName = "DIR",
            Required = true,
        };
        var seed = new Option<int>("--seed") { Description = "Seed of every choice by chance. Default: 0", HelpName = "N" };
        var command = new DocumentedCommand("corpus", "Read source trees, filter and split them, write shards of text with a manifest")
        {
            Details = ["The same input gives the same bytes."],
        };
        command.Options.Add(from);
        command.Options.Add(description);
        command.Options.Add(output);
        command.Options.Add(seed);
        command.SetAction(
            options,
            console,
            (parsed, cancellationToken) =>
            {
                var corpus = new CorpusOptions
                {
                    Sources = Sources(parsed.GetRequiredValue(from), parsed.GetValue(description) ?? []),
                    OutputDirectory = parsed.GetRequiredValue(output),
                    Seed = parsed.GetValue(seed),
                };
                CorpusManifest manifest;
                using (var progress = new ProgressLine<CorpusProgress>(console, p => $"{p.Stage} {p.Done} of {p.Total} files"))
                {
                    manifest = CorpusBuilder.Build(corpus, progress, cancellationToken);
                }
                Print(manifest, console);
                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }

    private static CorpusSource[] Sources(string[] folders, string[] descriptions)
    {
        if (descriptions.Length > folders.Length)
        {
            throw new InvalidInputException(
                $"--description is given {descriptions.Length} times and --from {folders.Length} times; give one --from for each."
            );
        }
        return
        [
            .. folders.Select(
                (folder, i) =>
                    i < descriptions.Length
                        ? TrainingInput.Read(descriptions[i], file => CorpusSource.Load(file, folder))
                        : CorpusSource.Undescribed(folder)
            ),
        ];
    }

    private static void Print(CorpusManifest manifest, CommandConsole console)
    {
        foreach ((string split, SplitManifest figures) in manifest.Splits)
        {
            console.Output.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{split, -12}{figures.Documents, 8} files {figures.TextBytes / 1e6, 9:0.0} MB {figures.ModernDocuments, 8} rewritten to today's style"
                )
            );
        }
        foreach (SourceManifest source in manifest.Sources)
        {
            IEnumerable<string> licences = source
                .BytesByLicence.OrderByDescending(entry => entry.Value)
                .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key} {entry.Value / 1e6:0.0} MB"));
            console.Output.WriteLine($"{source.Name}: {string.Join(", ", licences)}");
        }
        IEnumerable<string> dropped = manifest.Dropped.Where(entry => entry.Value > 0).Select(entry => $"{entry.Value} {entry.Key}");
        console.Output.WriteLine($"{manifest.FilesSeen} files seen, left out: {string.Join(", ", dropped)}");
    }
}
