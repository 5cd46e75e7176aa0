using CsCheck;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Training.Tests.Evaluation;

public class ScoringTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("abc", "", 3)]
    [InlineData("flaw", "lawn", 2)]
    public void Distance_KnownPairs(string first, string second, int distance)
    {
        Assert.Equal(distance, EditSimilarity.Distance(first, second));
        Assert.Equal(distance, EditSimilarity.Distance(second, first));
    }

    [Fact]
    public void Of_KnownPair() => Assert.Equal(1 - (3.0 / 7), EditSimilarity.Of("kitten", "sitting"), 12);

    [Fact]
    public void Of_AnyTexts_IsAShare_AndOneOnlyWhenEqual() =>
        Gen.Select(Gen.String[Gen.Char["abc"], 0, 8], Gen.String[Gen.Char["abc"], 0, 8])
            .Sample(
                (first, second) =>
                    EditSimilarity.Of(first, second) is >= 0 and <= 1 && EditSimilarity.Of(first, second) == 1 == (first == second)
            );

    [Fact]
    public void Difference_SameDifferenceEverywhere_HasNoWidth()
    {
        ConfidenceInterval interval = PairedBootstrap.Difference([1, 2, 3], [0.5, 1.5, 2.5], seed: 1);

        Assert.Equal(new ConfidenceInterval(0.5, 0.5, 0.5), interval);
        Assert.True(interval.ExcludesZero);
    }

    [Fact]
    public void Difference_CoinFlips_HasTheBinomialWidth()
    {
        double[] first = [.. Enumerable.Range(0, 400).Select(i => i % 2 == 0 ? 1.0 : 0.0)];

        ConfidenceInterval interval = PairedBootstrap.Difference(first, new double[400], seed: 5);

        // 1.96 standard errors of 0.025.
        Assert.Equal(0.5, interval.Mean);
        Assert.InRange(interval.Low, 0.441, 0.461);
        Assert.InRange(interval.High, 0.539, 0.559);
        Assert.Equal(interval, PairedBootstrap.Difference(first, new double[400], seed: 5));
    }

    [Fact]
    public void Difference_NoDifference_IncludesZero() =>
        Assert.False(PairedBootstrap.Difference([1, 0, 1, 0], [0, 1, 0, 1], seed: 0).ExcludesZero);

    [Fact]
    public void Difference_UnequalCounts_IsRefused() => Assert.Throws<ArgumentException>(() => PairedBootstrap.Difference([1], [1, 2], 0));
}
