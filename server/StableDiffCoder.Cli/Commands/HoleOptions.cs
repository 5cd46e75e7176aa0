using System.CommandLine;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Cli.Commands;

/// <summary>Which holes an evaluation takes: the file, the kinds, how many of each.</summary>
internal sealed class HoleOptions
{
    private const string DefaultHoles = "tests/fixtures/holes/csharp-heldout.jsonl";

    private readonly Option<string?> holes = new("--holes")
    {
        Description =
            "What 'eval holes' wrote, or JSON lines {\"id\",\"kind\",\"prefix\",\"suffix\",\"answer\"}. Default: the held-out C# of this project",
        HelpName = "FILE",
    };

    private readonly Option<string[]> kinds = new("--kind")
    {
        Description = $"Only holes of this kind: {string.Join(", ", KindWords)}. Repeat for more. Default: all",
        HelpName = "KIND",
        AllowMultipleArgumentsPerToken = false,
    };

    /// <summary>Accepts the kinds' names only.</summary>
    /// <param name="perKind">How many of each kind without --limit; null is all.</param>
    public HoleOptions(int? perKind = null)
    {
        Evaluation = new EvaluationOptions("holes of each kind", perKind);
        kinds.AcceptOnlyFromAmong(KindWords);
    }

    /// <summary>How many, and the report's form.</summary>
    public EvaluationOptions Evaluation { get; }

    /// <summary>All but the report's form.</summary>
    public IReadOnlyList<Option> Options => [holes, kinds, Evaluation.Limit];

    /// <summary>The held-out holes that the repository ships.</summary>
    /// <exception cref="InvalidInputException">They are not there: this is a published program.</exception>
    public static string DefaultFile() => EvaluationOptions.Fixture(DefaultHoles, "--holes");

    /// <summary>The file that is read.</summary>
    public string FileOf(ParseResult parsed) => parsed.GetValue(holes) ?? DefaultFile();

    /// <summary>Reads the file and chooses.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="usable">Which holes the evaluation can use; null is all.</param>
    /// <exception cref="InvalidInputException">The file cannot be read, or nothing is left of it.</exception>
    public Hole[] Choose(ParseResult parsed, Func<Hole, bool>? usable = null)
    {
        string[] wanted = parsed.GetValue(kinds) ?? [];
        Hole[] chosen = Evaluation.FirstOfEach(
            TrainingInput
                .Read(FileOf(parsed), HoleFile.Read)
                .Where(hole => wanted.Length == 0 || wanted.Contains(HoleKindWords.Of(hole.Kind)))
                .Where(usable ?? (_ => true)),
            hole => hole.Kind,
            parsed
        );
        return chosen.Length > 0
            ? chosen
            : throw new InvalidInputException("No holes are left to fill; look at --holes, --kind and --limit.");
    }

    private static string[] KindWords { get; } = [.. Enum.GetValues<HoleKind>().Select(HoleKindWords.Of)];
}
