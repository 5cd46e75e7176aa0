using System.Text.Json;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Training.Experiments;

/// <summary>One way of training, measured on the same holes with several seeds.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Scores">Of each seed: every hole.</param>
internal sealed record HoleArm(string Name, IReadOnlyList<IReadOnlyList<HoleScore>> Scores);

/// <summary>Tables of arms by kind of hole.</summary>
internal static class HoleComparison
{
    /// <summary>Exact match, edit similarity and parse rate, mean and spread over the seeds, and tokens a forward.</summary>
    public static ResultTable Table(IReadOnlyList<HoleArm> arms) =>
        new(
            $"Held-out C# holes ({arms[0].Scores[0].Count} of four kinds; mean ± standard deviation of {arms[0].Scores.Count} seeds)",
            ["holes", "trained by", "exact match", "edit similarity", "parses", "tokens/forward"],
            [
                .. from kind in Kinds(arms)
                from arm in arms
                select (string[])
                    [
                        Word(kind),
                        arm.Name,
                        Share(arm, kind, score => score.Exact ? 1 : 0),
                        Share(arm, kind, score => score.EditSimilarity),
                        Share(arm, kind, score => score.Parses ? 1 : 0),
                        Figures.Number(TokensPerForward(arm, kind), 2),
                    ],
            ]
        );

    /// <summary>One arm minus another, hole by hole: each hole's mean over the seeds, with the interval of a paired bootstrap over the holes.</summary>
    public static ResultTable Differences(HoleArm first, IEnumerable<HoleArm> others) =>
        new(
            $"{first.Name} minus the others, points (95 % interval, paired bootstrap over the holes)",
            ["holes", "minus", "exact match", "edit similarity", "parses"],
            [
                .. from kind in Kinds([first])
                from other in others
                select (string[])
                    [
                        Word(kind),
                        other.Name,
                        Interval(first, other, kind, score => score.Exact ? 1 : 0),
                        Interval(first, other, kind, score => score.EditSimilarity),
                        Interval(first, other, kind, score => score.Parses ? 1 : 0),
                    ],
            ]
        );

    /// <summary>For each kind, whether one arm fills more holes exactly than another, as far as the holes tell.</summary>
    public static IEnumerable<string> Findings(HoleArm first, HoleArm other)
    {
        foreach (HoleKind kind in Kinds([first]))
        {
            ConfidenceInterval exact = Difference(first, other, kind, score => score.Exact ? 1 : 0);
            ConfidenceInterval similarity = Difference(first, other, kind, score => score.EditSimilarity);
            yield return $"{Word(kind)}: {first.Name} against {other.Name}: exact match {Points(exact)}, edit similarity {Points(similarity)}; {Verdict(exact)} in exact match, {Verdict(similarity)} in edit similarity.";
        }
    }

    private static string Verdict(ConfidenceInterval interval) =>
        !interval.ExcludesZero ? "no difference that these holes show"
        : interval.Mean > 0 ? "ahead"
        : "behind";

    private static IEnumerable<HoleKind> Kinds(IReadOnlyList<HoleArm> arms) => arms[0].Scores[0].Select(score => score.Kind).Distinct();

    private static string Share(HoleArm arm, HoleKind kind, Func<HoleScore, double> value) =>
        Figures.PercentOf([.. arm.Scores.Select(seed => seed.Where(score => score.Kind == kind).Average(value))]);

    private static double TokensPerForward(HoleArm arm, HoleKind kind)
    {
        HoleScore[] scores = [.. arm.Scores.SelectMany(seed => seed.Where(score => score.Kind == kind))];
        return (double)scores.Sum(score => score.Tokens) / Math.Max(1, scores.Sum(score => score.Forwards));
    }

    private static string Interval(HoleArm first, HoleArm other, HoleKind kind, Func<HoleScore, double> value) =>
        Points(Difference(first, other, kind, value));

    private static string Points(ConfidenceInterval interval) =>
        $"{Signed(interval.Mean)} ({Signed(interval.Low)} to {Signed(interval.High)})";

    private static string Signed(double share) => (share < 0 ? "" : "+") + Figures.Number(100 * share, 1);

    private static ConfidenceInterval Difference(HoleArm first, HoleArm other, HoleKind kind, Func<HoleScore, double> value) =>
        PairedBootstrap.Difference(ByHole(first, kind, value), ByHole(other, kind, value), seed: 0);

    private static double[] ByHole(HoleArm arm, HoleKind kind, Func<HoleScore, double> value) =>
        [
            .. arm
                .Scores.SelectMany(seed => seed.Where(score => score.Kind == kind))
                .GroupBy(score => score.Id)
                .OrderBy(hole => hole.Key, StringComparer.Ordinal)
                .Select(hole => hole.Average(value)),
        ];

    private static string Word(HoleKind kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());
}
