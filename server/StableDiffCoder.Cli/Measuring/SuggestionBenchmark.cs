using System.Globalization;
using System.Text;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp;
using StableDiffCoder.Lsp.Completions;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Cli.Measuring;

/// <summary>
/// Replays the cursor at held-out holes and counts what would be suggested, beside what stood there. A suggestion is wrong when its first token
/// (a word or a sign) is not the file's: it would have been deleted or changed at once.
/// </summary>
internal sealed class SuggestionBenchmark(IReadOnlyList<(Hole Hole, SuggestionReplay Replay)> places)
{
    private static readonly double[] Eagerness = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    /// <summary>Runs the model at each hole.</summary>
    public static async Task<SuggestionBenchmark> RunAsync(
        IInfillEngine engine,
        IReadOnlyList<Hole> holes,
        IProgress<int> progress,
        CancellationToken cancellationToken
    )
    {
        var places = new List<(Hole, SuggestionReplay)>();
        foreach (Hole hole in holes)
        {
            string text = hole.Prefix + hole.Suffix;
            var options = new LanguageServerOptions();
            places.Add((hole, await SuggestionReplay.RunAsync(engine, text, "csharp", hole.Prefix.Length, options, cancellationToken)));
            progress.Report(places.Count);
        }
        return new SuggestionBenchmark(places);
    }

    /// <summary>The curve over eagerness, and what each rule does.</summary>
    public string ToTables()
    {
        var tables = new StringBuilder();
        Outcome[] all = [.. places.Select(place => Judge(place.Hole, place.Replay.Suggestion()))];
        tables.AppendLine("| eagerness | shown | wrong, of the shown | first line exact, of the shown |");
        tables.AppendLine("|--:|--:|--:|--:|");
        foreach (double eagerness in Eagerness)
        {
            Outcome[] shown = [.. all.Where(outcome => outcome.IsShown && outcome.Suggestion.Confidence >= 1 - eagerness)];
            tables.AppendLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {eagerness:0.0} | {Share(shown.Length, all.Length)} | {Share(shown.Count(o => o.IsWrong), shown.Length)} | {Share(shown.Count(o => o.IsExact), shown.Length)} |"
                )
            );
        }
        tables.AppendLine();
        tables.AppendLine("| rule | changed | silenced | without it: shown | wrong, of the shown |");
        tables.AppendLine("|---|--:|--:|--:|--:|");
        tables.AppendLine(Row("all rules", all, all));
        foreach (string rule in SuggestionReplay.RuleNames.Where(rule => all.Any(outcome => outcome.Suggestion.Fired.Contains(rule))))
        {
            tables.AppendLine(Row(rule, all, [.. places.Select(place => Judge(place.Hole, place.Replay.Suggestion(rule)))]));
        }
        return tables.ToString();
    }

    private static string Row(string rule, Outcome[] with, Outcome[] without)
    {
        int silenced = with.Count(outcome => outcome.Suggestion.SilencedBy == rule);
        int changed = with.Count(outcome => outcome.Suggestion.Fired.Contains(rule)) - silenced;
        int shown = without.Count(outcome => outcome.IsShown);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {rule} | {changed} | {silenced} | {Share(shown, without.Length)} | {Share(without.Count(outcome => outcome.IsWrong), shown)} |"
        );
    }

    private static string Share(int part, int whole) =>
        whole == 0 ? "–" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.0} %");

    private static Outcome Judge(Hole hole, ReplayedSuggestion suggestion)
    {
        string own = hole.Answer + hole.Suffix;
        bool isWrong = suggestion.Text is string text && FirstToken(text) != FirstToken(own);
        return new Outcome(suggestion, isWrong, suggestion.Text is string shown && FirstLine(shown) == FirstLine(own));
    }

    private static string FirstToken(string text)
    {
        string rest = text.TrimStart();
        int length = rest.TakeWhile(symbol => char.IsLetterOrDigit(symbol) || symbol == '_').Count();
        return rest[..Math.Min(rest.Length, Math.Max(1, length))];
    }

    private static string FirstLine(string text) => text.Trim().Split('\n')[0].Trim();

    private sealed record Outcome(ReplayedSuggestion Suggestion, bool IsWrong, bool IsExact)
    {
        public bool IsShown => Suggestion.Text is not null;
    }
}
