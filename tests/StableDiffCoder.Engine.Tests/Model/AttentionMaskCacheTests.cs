using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Tests.Model;

public sealed class AttentionMaskCacheTests
{
    [Fact]
    public void For_SamePatternAndPlace_IsTheSameTensorAndEqualToAFreshOne()
    {
        using var cache = new AttentionMaskCache(CPU);
        var pattern = AttentionPattern.BlockCausal(4);

        Tensor first = cache.For(pattern, 4, 8)!;
        Tensor again = cache.For(pattern, 4, 8)!;
        using Tensor fresh = AttentionMask.For(pattern, 4, 8, CPU)!;

        Assert.Same(first, again);
        Assert.True(Equal(first, fresh));
    }

    [Fact]
    public void For_LayoutsOfTheSameShape_ShareAMaskWhateverTheirTokensAre()
    {
        using var cache = new AttentionMaskCache(CPU);

        Tensor first = cache.For(Fused(7), 12)!;
        Tensor again = cache.For(Fused(9), 12)!;
        using Tensor fresh = Fused(7).Mask(12, CPU);

        Assert.Same(first, again);
        Assert.True(Equal(first, fresh));
        Assert.NotSame(first, cache.For(Fused(7), 16));
    }

    [Fact]
    public void For_LayoutsOfOtherShapes_HaveOtherMasks()
    {
        using var cache = new AttentionMaskCache(CPU);
        var apart = new ForwardLayout();
        apart.Add([7, 7], 12);
        apart.Add([1, 1], 14);

        using Tensor fresh = apart.Mask(12, CPU);
        cache.For(Fused(7), 12);

        Assert.True(Equal(cache.For(apart, 12)!, fresh));
    }

    [Fact]
    public void For_ManyPlaces_KeepsAFewAndStaysRight()
    {
        using var cache = new AttentionMaskCache(CPU);
        var pattern = AttentionPattern.BlockCausal(4);
        for (int start = 0; start < 200; start++)
        {
            using Tensor? fresh = AttentionMask.For(pattern, start, 6, CPU);
            Tensor? kept = cache.For(pattern, start, 6);

            Assert.Equal(fresh is null, kept is null);
            Assert.True(fresh is null || Equal(kept!, fresh));
            Assert.InRange(cache.Count, 1, 16);
        }
    }

    [Fact]
    public void For_ScopeOfTheCallerEnds_TheMaskStays()
    {
        using var cache = new AttentionMaskCache(CPU);
        using (NewDisposeScope())
        {
            cache.For(AttentionPattern.Causal, 0, 4);
        }

        Assert.Equal(10, cache.For(AttentionPattern.Causal, 0, 4)!.sum().item<long>());
    }

    private static bool Equal(Tensor left, Tensor right) => left.shape.SequenceEqual(right.shape) && left.eq(right).all().item<bool>();

    private static ForwardLayout Fused(int id)
    {
        var layout = new ForwardLayout();
        RowRange finished = layout.Add([id, id], 12);
        layout.Add([1, 1], 14, sees: finished);
        return layout;
    }
}
