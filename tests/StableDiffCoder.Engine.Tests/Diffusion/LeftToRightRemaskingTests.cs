using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Model;

namespace StableDiffCoder.Engine.Tests.Diffusion;

public sealed class LeftToRightRemaskingTests
{
    private static readonly TokenProposal[] Proposals =
    [
        .. ((double[])[0.2, 0.9, 0.1, 0.95]).Select(confidence => new TokenProposal(7, confidence, 0)),
    ];

    [Fact]
    public void Reveal_SpreadOverSteps_TakesTheLeftmost()
    {
        // Four masks over three steps: two, one, one.
        Assert.Equal([0, 1], new LeftToRightRemasking(3).Reveal(Proposals, step: 0, masked: 4));
        Assert.Equal([0], new LeftToRightRemasking(3).Reveal(Proposals.AsSpan(2), step: 1, masked: 4));
    }

    [Fact]
    public void Reveal_WithThreshold_TakesTheLeftmostAndWhatIsSure() =>
        Assert.Equal([0, 3, 1], new ThresholdRemasking(0.9, RemaskingOrder.LeftToRight).Reveal(Proposals, step: 0, masked: 4));
}
