using StableDiffCoder.Training.Data;
using StableDiffCoder.Training.Objectives;

namespace StableDiffCoder.Training.Tests.Objectives;

public sealed class BlockNoiseTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Draw_Unclipped_LeavesOneBlockInBPlusOneWithoutAMask(int blockLength)
    {
        // Equation 11: the integral of (1 - t)^B over t is 1/(B + 1).
        const int blocks = 20000;
        RowNoise noise = new BlockNoise(new BlockNoiseOptions { BlockLength = blockLength, Clipped = false }).Draw(
            blocks * blockLength,
            null,
            new SampleRandom(7)
        );
        double empty = 1 - (double)noise.Positions.Select(position => position / blockLength).Distinct().Count() / blocks;
        Assert.Equal(1.0 / (blockLength + 1), empty, 0.015);
    }

    [Fact]
    public void Draw_Clipped_MasksEveryBlockWithWeightsUpToB()
    {
        RowNoise noise = new BlockNoise(new BlockNoiseOptions { BlockLength = 4 }).Draw(4001, null, new SampleRandom(8));
        Assert.Equal(1001, noise.Positions.Select(position => position / 4).Distinct().Count());
        Assert.All(noise.Weights, weight => Assert.InRange(weight, 1f, 4f));
        Assert.Contains(4f, noise.Weights);
    }

    [Fact]
    public void Draw_Unclipped_WeightIsOneOverRateInExpectation()
    {
        // E[sum of w over masked] is one a token: the estimator of the NELBO is unbiased.
        RowNoise noise = new BlockNoise(new BlockNoiseOptions { BlockLength = 4, FixedRate = 0.25 }).Draw(40000, null, new SampleRandom(9));
        Assert.All(noise.Weights, weight => Assert.Equal(4f, weight));
        Assert.Equal(1, noise.Weights.Sum() / 40000, 0.03);
    }

    [Theory]
    [InlineData(0.0, 0.001)]
    [InlineData(0.5, 0.5005)]
    [InlineData(1.0, 1.0)]
    public void LargestRate_RisesLinearly(double progress, double expected) =>
        Assert.Equal(expected, new BlockNoise(new BlockNoiseOptions()).LargestRate(progress), 9);

    [Fact]
    public void Draw_WarmingUp_IsUnclippedUnforcedAndUnweighted()
    {
        var noise = new BlockNoise(new BlockNoiseOptions { BlockLength = 4 });
        RowNoise early = noise.Draw(40000, 0.1, new SampleRandom(10));
        Assert.All(early.Weights, weight => Assert.Equal(1f, weight));
        // t ~ U(0, 0.1009): half of it on average.
        Assert.Equal(0.05045, early.Positions.Count / 40000.0, 0.005);
    }
}
