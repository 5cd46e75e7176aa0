using System.Globalization;
using System.Text;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Context;
using StableDiffCoder.Training.Corpus;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Cli.Measuring;

/// <summary>
/// What pieces of other files are worth: holes whose answer needs another file, filled with and without them. The model's own file is in the index
/// as the server would have it: without the answer.
/// </summary>
internal sealed class ContextBenchmark
{
    private const string With = "with context";
    private const string Without = "without";

    private readonly Dictionary<string, Hole> holes;

    private ContextBenchmark(IReadOnlyList<Hole> holes, InfillEvaluationReport report, double found)
    {
        this.holes = holes.ToDictionary(hole => hole.Id);
        Report = report;
        Found = found;
    }

    /// <value>Exact match, edit similarity and parse rate.</value>
    public InfillEvaluationReport Report { get; }

    /// <value>Share of holes whose snippets have the name that the answer begins with.</value>
    public double Found { get; }

    /// <summary>Fills all holes twice.</summary>
    /// <param name="engine">The model.</param>
    /// <param name="documents">The workspace.</param>
    /// <param name="holes">Holes of its files.</param>
    /// <param name="context">How much is shown.</param>
    /// <param name="openFiles">So many files of the hole's own folder are open in the editor.</param>
    /// <param name="sampling">How to sample.</param>
    /// <param name="progress">Told after each hole; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked at every hole.</param>
    public static async Task<ContextBenchmark> RunAsync(
        IInfillEngine engine,
        IReadOnlyList<CorpusDocument> documents,
        IReadOnlyList<Hole> holes,
        ContextOptions context,
        int openFiles,
        InfillOptions sampling,
        IProgress<InfillEvaluationProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        Dictionary<string, string> files = documents.ToDictionary(document => document.Path, document => document.Text);
        var replay = new ContextReplay(files, context);
        Dictionary<string, IReadOnlyList<ContextSnippet>> snippets = holes.ToDictionary(
            hole => hole.Id,
            hole =>
            {
                string path = hole.Id[..hole.Id.LastIndexOf('#')];
                IEnumerable<string> open = Beside(path, [.. files.Keys]).Take(openFiles);
                return replay.Snippets(path, hole.Prefix + hole.Suffix, hole.Prefix.Length, open);
            }
        );
        InfillOptions limited = sampling with { SnippetTokens = context.Tokens };
        IHoleFiller[] fillers =
        [
            new EngineHoleFiller(engine, limited, snippets: hole => snippets[hole.Id], name: With),
            new EngineHoleFiller(engine, sampling, name: Without),
        ];
        var evaluation = new InfillEvaluationOptions { MaxNewTokens = sampling.MaxNewTokens, Sampling = sampling };
        InfillEvaluationReport report = await InfillEvaluation.RunAsync(fillers, holes, evaluation, progress, cancellationToken);
        int found = holes.Count(hole =>
            snippets[hole.Id].Any(snippet => snippet.Text.Contains(FirstName(hole.Answer), StringComparison.Ordinal))
        );
        return new ContextBenchmark(holes, report, (double)found / holes.Count);
    }

    /// <summary>The tables, with the share of fills that begin with the right name.</summary>
    public string ToTables()
    {
        var table = new StringBuilder(Report.ToTable());
        table.Append(
            CultureInfo.InvariantCulture,
            $"\nThe name that the answer begins with is in the snippets of {100 * Found:F1} % of the holes.\n"
        );
        table.Append("\n| filler | begins with the right name |\n|---|--:|\n");
        Append(table, With);
        Append(table, Without);
        ConfidenceInterval difference = PairedBootstrap.Difference(Named(With), Named(Without), seed: 0);
        table.Append(
            CultureInfo.InvariantCulture,
            $"| difference | {100 * difference.Mean:+0.0;-0.0;0.0} ({100 * difference.Low:+0.0;-0.0;0.0} to {100 * difference.High:+0.0;-0.0;0.0}) |\n"
        );
        return table.ToString();
    }

    // The files of the same folder, those next to it in the order of their names first.
    private static IEnumerable<string> Beside(string path, string[] paths)
    {
        string folder = path[..(path.LastIndexOf('/') + 1)];
        string[] own =
        [
            .. paths
                .Where(other => other.StartsWith(folder, StringComparison.Ordinal) && !other[folder.Length..].Contains('/'))
                .Order(StringComparer.Ordinal),
        ];
        int place = Array.IndexOf(own, path);
        return own.Select((other, at) => (other, Distance: Math.Abs(at - place)))
            .Where(pair => pair.Distance > 0)
            .OrderBy(pair => pair.Distance)
            .Select(pair => pair.other);
    }

    private void Append(StringBuilder table, string filler) =>
        table.Append(CultureInfo.InvariantCulture, $"| {filler} | {100 * Named(filler).Average():F1} % |\n");

    private double[] Named(string filler) =>
        [
            .. Report
                .Scores.Where(score => score.Filler == filler)
                .Select(score => FirstName(score.Text) == FirstName(holes[score.Id].Answer) ? 1.0 : 0.0),
        ];

    private static string FirstName(string text) =>
        string.Concat(text.TrimStart().TakeWhile(symbol => symbol == '_' || char.IsLetterOrDigit(symbol)));
}
