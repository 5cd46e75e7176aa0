using CsCheck;
using StableDiffCoder.Engine.Diffusion;

namespace StableDiffCoder.Engine.Tests.Diffusion;

public sealed class BlockLayoutTests
{
    [Fact]
    public void Blocks_PromptOfNine_CompletesThePartialBlockFirst() =>
        Assert.Equal([3, 4, 4, 4, 1], BlockLayout.Blocks(9, 16, 4).Select(block => block.NewTokens));

    [Fact]
    public void Blocks_AnyLengths_TileTheNewTokensAlignedToAbsolutePosition() =>
        Gen.Select(Gen.Int[0, 40], Gen.Int[1, 10], Gen.Int[1, 8])
            .Sample(
                (prompt, blocks, length) =>
                {
                    DiffusionBlock[] layout = [.. BlockLayout.Blocks(prompt, blocks * length, length)];
                    Assert.Equal(blocks * length, layout.Sum(block => block.NewTokens));
                    Assert.All(layout, block => Assert.Equal(0, block.Start % length));
                    Assert.All(layout.SkipLast(1), block => Assert.Equal(length, block.Length));
                    Assert.Equal(prompt, layout[0].Start + layout[0].PromptTokens);
                }
            );

    [Theory]
    [InlineData(4, 4, new[] { 1, 1, 1, 1 })]
    [InlineData(3, 4, new[] { 1, 1, 1, 0 })]
    [InlineData(4, 3, new[] { 2, 1, 1 })]
    [InlineData(4, 1, new[] { 4 })]
    public void Spread_GivesTheFirstStepsTheRest(int masked, int steps, int[] expected) =>
        Assert.Equal(expected, TransferSchedule.Spread(masked, steps));
}
