using StableDiffCoder.Training.Sft;

namespace StableDiffCoder.Training.Evaluation.Edits;

/// <summary>How far an evaluation of edits has come.</summary>
/// <param name="Editor">Who is editing.</param>
/// <param name="Done">Samples edited by it.</param>
/// <param name="Total">Samples.</param>
/// <param name="ExactMatch">Share that is exact so far.</param>
public sealed record EditEvaluationProgress(string Editor, int Done, int Total, double ExactMatch);

/// <summary>
/// Edits held-out samples and scores the answers: exact match and parse rate by kind, beside the baseline that changes nothing. Answers are
/// never run.
/// </summary>
public static class EditEvaluation
{
    /// <summary>Name of the row over all kinds.</summary>
    public const string AllKinds = "all";

    /// <summary>Evaluates an editor beside the baseline.</summary>
    /// <param name="editor">The model.</param>
    /// <param name="samples">Held-out samples.</param>
    /// <param name="seed">Of the bootstrap.</param>
    /// <param name="progress">Told after each sample; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked at every sample.</param>
    /// <exception cref="ArgumentException">There are no samples.</exception>
    public static async Task<EditEvaluationReport> RunAsync(
        IEditor editor,
        IReadOnlyList<EditSample> samples,
        int seed,
        IProgress<EditEvaluationProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        if (samples.Count == 0)
        {
            throw new ArgumentException("there are no samples; give at least one");
        }
        EditScore[] scores = await EditAllAsync(editor, samples, progress, cancellationToken);
        EditScore[] baseline = await EditAllAsync(new NoChange(), samples, null, cancellationToken);
        string[] kinds = [.. samples.Select(sample => sample.Kind).Distinct(), AllKinds];
        return new EditEvaluationReport(
            [.. kinds.SelectMany(kind => (EditFigures[])[Figures(kind, scores), Figures(kind, baseline)])],
            [.. kinds.Select(kind => Difference(kind, scores, baseline, seed))],
            [.. scores, .. baseline]
        );
    }

    /// <summary>Scores an answer: exact when it equals the right one, line ends and blanks around it not counted.</summary>
    public static EditScore Score(string editor, EditSample sample, EditAnswer answer)
    {
        (string text, string right) = (Normalized(answer.Text), Normalized(sample.After));
        bool isThere = answer.Failure is null;
        bool? parses = EditSyntax.Parses(sample, answer.Text) is bool fine ? fine && isThere : null;
        return new EditScore(
            sample.Kind,
            sample.Instruction,
            sample.Path,
            editor,
            answer.Text,
            isThere && text == right,
            parses,
            EditSimilarity.Of(text, right),
            answer.Tokens,
            answer.Forwards,
            answer.Milliseconds,
            answer.Failure
        );
    }

    private static async Task<EditScore[]> EditAllAsync(
        IEditor editor,
        IReadOnlyList<EditSample> samples,
        IProgress<EditEvaluationProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var scores = new EditScore[samples.Count];
        int exact = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            scores[i] = Score(editor.Name, samples[i], await editor.EditAsync(samples[i], cancellationToken));
            exact += scores[i].Exact ? 1 : 0;
            progress?.Report(new EditEvaluationProgress(editor.Name, i + 1, scores.Length, (double)exact / (i + 1)));
        }
        return scores;
    }

    private static EditScore[] Of(string kind, EditScore[] scores) =>
        kind == AllKinds ? scores : [.. scores.Where(score => score.Kind == kind)];

    private static EditFigures Figures(string kind, EditScore[] all)
    {
        EditScore[] scores = Of(kind, all);
        EditScore[] parsed = [.. scores.Where(score => score.Parses is not null)];
        return new EditFigures(
            kind,
            scores[0].Editor,
            scores.Length,
            scores.Average(score => score.Exact ? 1.0 : 0.0),
            parsed.Length == 0 ? null : parsed.Average(score => score.Parses == true ? 1.0 : 0.0),
            scores.Average(score => score.EditSimilarity),
            (double)scores.Sum(score => score.Tokens) / Math.Max(1, scores.Sum(score => score.Forwards)),
            scores.Average(score => score.Milliseconds)
        );
    }

    private static EditDifference Difference(string kind, EditScore[] scores, EditScore[] baseline, int seed) =>
        new(
            kind,
            PairedBootstrap.Difference(
                [.. Of(kind, scores).Select(score => score.Exact ? 1.0 : 0.0)],
                [.. Of(kind, baseline).Select(score => score.Exact ? 1.0 : 0.0)],
                seed
            )
        );

    private static string Normalized(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Trim();
}
