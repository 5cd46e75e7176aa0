using StableDiffCoder.Engine.Diffusion;

namespace StableDiffCoder.Engine.Tests.Diffusion;

public sealed class EntropyBoundRemaskingTests
{
    [Theory]
    [InlineData(0, new[] { 2 })]
    [InlineData(0.09, new[] { 2 })]
    [InlineData(0.1, new[] { 2, 0 })] // 0.1 + 0.2 − 0.2
    [InlineData(0.29, new[] { 2, 0 })]
    [InlineData(0.31, new[] { 2, 0, 3 })] // 0.1 + 0.2 + 0.5 − 0.5
    [InlineData(0.81, new[] { 2, 0, 3, 1 })]
    public void Reveal_Bound_TakesTheSurestWhoseSumWithoutTheLargestFits(double bound, int[] expected)
    {
        TokenProposal[] proposals = [.. ((double[])[0.2, 1.5, 0.1, 0.5]).Select(entropy => new TokenProposal(7, 0.5, entropy))];
        Assert.Equal(expected, new EntropyBoundRemasking(bound).Reveal(proposals, step: 0, masked: 4));
    }

    [Fact]
    public void Reveal_CertainProposals_AreAllTakenInPositionOrder()
    {
        TokenProposal[] proposals = [.. Enumerable.Range(0, 5).Select(_ => new TokenProposal(7, 1, 0))];
        Assert.Equal([0, 1, 2, 3, 4], new EntropyBoundRemasking(0).Reveal(proposals, step: 0, masked: 5));
    }
}
