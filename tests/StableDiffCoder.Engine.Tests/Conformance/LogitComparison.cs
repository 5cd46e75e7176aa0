using StableDiffCoder.Engine.Tests.Reference;

namespace StableDiffCoder.Engine.Tests.Conformance;

/// <summary>How far two sets of logits are apart.</summary>
/// <param name="LogProbability">Largest difference of a natural-log probability, over every position and id.</param>
/// <param name="MostLikely">The same over the most likely ids alone.</param>
/// <param name="OtherArgMax">Positions whose most likely id differs.</param>
/// <param name="Positions">Positions compared.</param>
public readonly record struct LogitComparison(double LogProbability, double MostLikely, int OtherArgMax, int Positions)
{
    public static LogitComparison Of(double[][] actual, double[][] expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        var largest = 0.0;
        var likely = 0.0;
        var other = 0;
        for (var position = 0; position < expected.Length; position++)
        {
            for (var id = 0; id < expected[position].Length; id++)
            {
                // Math.Max passes NaN on.
                largest = Math.Max(largest, Difference(actual[position], expected[position], id));
            }
            int best = ReferenceSoftmax.ArgMax(expected[position]);
            likely = Math.Max(likely, Difference(actual[position], expected[position], best));
            other += ReferenceSoftmax.ArgMax(actual[position]) == best ? 0 : 1;
        }
        return new LogitComparison(largest, likely, other, expected.Length);
    }

    public LogitComparison And(LogitComparison more) =>
        new(
            Math.Max(LogProbability, more.LogProbability),
            Math.Max(MostLikely, more.MostLikely),
            OtherArgMax + more.OtherArgMax,
            Positions + more.Positions
        );

    private static double Difference(double[] actual, double[] expected, int id) =>
        Math.Abs(ReferenceSoftmax.LogProbability(actual, id) - ReferenceSoftmax.LogProbability(expected, id));
}
