using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Tests.Model;

public sealed class QuantizedWeightTests
{
    [Fact]
    public void MultiplyCodes_RandomWeight_EqualsTheProductWithItsExpansion()
    {
        using var scope = NewDisposeScope();
        using var weight = new QuantizedWeight(48, 80, WeightQuantization.EightBits);
        using var generator = new Generator(3, CPU);
        weight.SetRows(0, randn(48, 80, generator: generator));
        Tensor input = randn(7, 80, generator: generator);

        Tensor product = weight.MultiplyCodes(input);
        Tensor expected = nn.functional.linear(input, weight.Expand(ScalarType.Float32));

        Assert.Equal([7L, 48L], product.shape);
        Assert.InRange((product - expected).abs().max().item<float>(), 0, 1e-4f);
    }

    [Fact]
    public void MultiplyCodes_BFloat16_RoundsActivationsAndResultsOnly()
    {
        using var scope = NewDisposeScope();
        using var weight = new QuantizedWeight(16, 64, WeightQuantization.EightBits);
        using var generator = new Generator(4, CPU);
        weight.SetRows(0, randn(16, 64, generator: generator));
        Tensor input = randn(3, 64, generator: generator).to(ScalarType.BFloat16);

        Tensor product = weight.MultiplyCodes(input);
        Tensor expected = nn.functional.linear(input.to(ScalarType.Float32), weight.Expand(ScalarType.Float32));

        Assert.Equal(ScalarType.BFloat16, product.dtype);
        Assert.True(allclose(product.to(ScalarType.Float32), expected, rtol: 0.02, atol: 0.05));
    }

    [Fact]
    public void ByteLength_EitherFormat_CountsCodesAndScales()
    {
        using var eight = new QuantizedWeight(6, 64, WeightQuantization.EightBits);
        using var four = new QuantizedWeight(6, 64, WeightQuantization.FourBits);

        Assert.Equal((6 * 64) + (6 * 4), eight.ByteLength);
        Assert.Equal((6 * 32) + (6 * 2 * 2), four.ByteLength);
    }
}
