using StableDiffCoder.Training.Optimization;

namespace StableDiffCoder.Training.Tests.Optimization;

public sealed class LearningRateScheduleTests
{
    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.05, 0.5)]
    [InlineData(0.1, 1.0)]
    [InlineData(0.7, 1.0)]
    [InlineData(0.9, 0.55)]
    [InlineData(1.0, 0.1)]
    public void At_WarmupConstantDecay_FollowsTheThreeParts(double progress, double expected) =>
        Assert.Equal(
            expected,
            new LearningRateSchedule
            {
                Peak = 1,
                WarmupShare = 0.1,
                DecayShare = 0.2,
                FinalShare = 0.1,
            }.At(progress),
            9
        );

    [Theory]
    [InlineData(0.1, 1.0)]
    [InlineData(0.55, 0.5)]
    [InlineData(1.0, 0.0)]
    public void At_Cosine_FallsFromTheWarmupsEnd(double progress, double expected) =>
        Assert.Equal(
            expected,
            new LearningRateSchedule
            {
                Peak = 1,
                WarmupShare = 0.1,
                Cosine = true,
            }.At(progress),
            9
        );
}
