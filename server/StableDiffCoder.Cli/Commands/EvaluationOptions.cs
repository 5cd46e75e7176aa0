using System.CommandLine;
using System.Globalization;

namespace StableDiffCoder.Cli.Commands;

/// <summary>What the evaluations share: how many items, in which form the report is printed, and the line that shows how far they are.</summary>
internal sealed class EvaluationOptions
{
    /// <summary>Describes the options.</summary>
    /// <param name="items">What is evaluated, such as "holes of each kind".</param>
    /// <param name="limit">How many without --limit; null is all.</param>
    public EvaluationOptions(string items, int? limit = null) =>
        Limit = new("--limit")
        {
            Description = $"Only the first N {items}. Default: {(limit is null ? "all" : limit)}",
            HelpName = "N",
            DefaultValueFactory = _ => limit,
        };

    /// <summary>At most so many.</summary>
    public Option<int?> Limit { get; }

    /// <summary>The report as JSON.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Print the whole report, with every answer, as JSON" };

    /// <summary>The first items of each kind, all without a limit.</summary>
    public T[] FirstOfEach<T, TKind>(IEnumerable<T> items, Func<T, TKind> kindOf, ParseResult parsed) =>
        [.. items.GroupBy(kindOf).SelectMany(kind => kind.Take(parsed.GetValue(Limit) ?? int.MaxValue))];

    /// <summary>Prints a report.</summary>
    public void Print(CommandConsole console, ParseResult parsed, Func<string> json, Func<string> table) =>
        console.Output.Write(parsed.GetValue(Json) ? json() + "\n" : table());

    /// <summary>A file of the repository that is used unless another is named.</summary>
    /// <param name="fixture">Relative to the repository's root.</param>
    /// <param name="option">The option that names another.</param>
    /// <exception cref="InvalidInputException">It is not there: this is a published program.</exception>
    public static string Fixture(string fixture, string option) =>
        RepositoryFiles.Find(fixture)
        ?? throw new InvalidInputException($"{fixture} is not beside this program; name another file by {option}.");

    /// <summary>How far an evaluation is.</summary>
    public static string Progress(string who, int done, int total, string items, double exactMatch) =>
        string.Create(CultureInfo.InvariantCulture, $"{who}: {done} of {total} {items}, {100 * exactMatch:0.0} % exact");
}
