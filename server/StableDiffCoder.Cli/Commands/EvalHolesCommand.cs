using System.CommandLine;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Training.Corpus;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>eval holes --corpus DIR --out FILE</c>.</summary>
internal static class EvalHolesCommand
{
    private const int DefaultPerKind = 500;

    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var corpus = new Option<string>("--corpus")
        {
            Description = "Folder that 'train corpus' wrote; its test split is never trained on",
            HelpName = "DIR",
            Required = true,
        };
        var output = new Option<string>("--out")
        {
            Description = "The file of holes to write, for 'eval infill --holes'",
            HelpName = "FILE",
            Required = true,
        };
        var perKind = new Option<int>("--per-kind")
        {
            Description = $"Holes of each kind: {string.Join(", ", Kinds)}. Default: {DefaultPerKind}",
            HelpName = "N",
            DefaultValueFactory = _ => DefaultPerKind,
        };
        var prefix = new Option<int?>("--prefix")
        {
            Description = "Most characters kept before a hole. Default: the whole file",
            HelpName = "N",
        };
        var suffix = new Option<int?>("--suffix")
        {
            Description = "Most characters kept after it. Default: the whole file",
            HelpName = "N",
        };
        var seed = new Option<int>("--seed") { Description = "Another seed draws other files and places. Default: 0", HelpName = "N" };
        var command = new DocumentedCommand("holes", "Cut holes out of held-out C# files");
        command.AddOptions(corpus, output, perKind, prefix, suffix, seed);
        command.SetAction(
            options,
            console,
            (parsed, _) =>
            {
                string file = parsed.GetRequiredValue(output);
                FileFaults.RequireWritable(file);
                IReadOnlyList<Hole> holes = TrainingInput.Read(
                    parsed.GetRequiredValue(corpus),
                    folder =>
                        HoleSampler.Draw(
                            CorpusShard
                                .Read(folder, CorpusSplit.Test)
                                .Where(document => document.Path.EndsWith(".cs", StringComparison.Ordinal)),
                            new HoleSamplerOptions
                            {
                                PerKind = parsed.GetValue(perKind),
                                PrefixLength = parsed.GetValue(prefix),
                                SuffixLength = parsed.GetValue(suffix),
                                Seed = parsed.GetValue(seed),
                            }
                        )
                );
                HoleFile.WriteExcerpts(file, holes);
                IEnumerable<string> counts = holes
                    .GroupBy(hole => hole.Kind)
                    .Select(kind => $"{kind.Count()} {HoleKindWords.Of(kind.Key)}");
                console.Output.WriteLine($"{file}: {string.Join(", ", counts)}");
                return Task.FromResult(ExitCodes.Done);
            }
        );
        return command;
    }

    private static IEnumerable<string> Kinds => Enum.GetValues<HoleKind>().Select(HoleKindWords.Of);
}
