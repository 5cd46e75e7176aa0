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

    [Fact]
    public void Draw_ClippedWarmup_MasksEveryBlockFromTheStart()
    {
        var noise = new BlockNoise(new BlockNoiseOptions { BlockLength = 4, ClippedWarmup = true });
        RowNoise first = noise.Draw(4000, 0, new SampleRandom(10));
        Assert.Equal(1000, first.Positions.Select(position => position / 4).Distinct().Count());
        Assert.All(first.Weights, weight => Assert.Equal(1f, weight));
    }

    [Fact]
    public void Draw_FewEligible_MasksOnlyThemAndClipsAtTheirNumber()
    {
        bool[] eligible = [.. Enumerable.Range(0, 400).Select(position => position % 100 is 3 or 4)];
        var noise = new BlockNoise(new BlockNoiseOptions { BlockLength = 100 });
        for (int i = 0; i < 20; i++)
        {
            RowNoise drawn = noise.Draw(400, null, new SampleRandom(11, i), eligible);
            Assert.All(drawn.Positions, position => Assert.True(eligible[position]));
            Assert.Equal(4, drawn.Positions.Select(position => position / 100).Distinct().Count());
            Assert.All(drawn.Weights, weight => Assert.InRange(weight, 1f, 2f));
        }
    }

    [Fact]
    public void Draw_BlockWithoutEligible_StaysWhole()
    {
        bool[] eligible = [false, false, true, true];
        RowNoise drawn = new BlockNoise(new BlockNoiseOptions { BlockLength = 2 }).Draw(4, null, new SampleRandom(12), eligible);
        Assert.NotEmpty(drawn.Positions);
        Assert.All(drawn.Positions, position => Assert.True(position >= 2));
    }
}
