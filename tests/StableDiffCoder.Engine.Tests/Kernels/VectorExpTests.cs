using System.Runtime.Intrinsics;
using CsCheck;
using StableDiffCoder.Engine.Kernels;

namespace StableDiffCoder.Engine.Tests.Kernels;

public sealed class VectorExpTests
{
    [Fact]
    public void Of_AnyExponentInRange_IsWithinThreeUnitsInTheLastPlace() =>
        Gen.Float[VectorExp.Least, 88]
            .Sample(
                x =>
                {
                    double expected = Math.Exp(x);
                    float actual = VectorExp.Of(Vector256.Create(x))[3];
                    Assert.InRange(Math.Abs(actual - expected) / expected, 0, 3 * Math.Pow(2, -23));
                },
                iter: 20_000
            );

    [Theory]
    [InlineData(float.NegativeInfinity, VectorExp.Least)]
    [InlineData(-1000, VectorExp.Least)]
    [InlineData(1000, 88)]
    public void Of_OutOfRange_IsTheNearerEnd(float x, float end) =>
        Assert.Equal(VectorExp.Of(Vector256.Create(end)), VectorExp.Of(Vector256.Create(x)));

    [Fact]
    public void Of_Zero_IsOne() => Assert.Equal(Vector256<float>.One, VectorExp.Of(Vector256<float>.Zero));

    [Fact]
    public void Softmax_ValuesFarBelowTheLargest_AreZeroAndNeverSubnormal() =>
        Gen.Float[-300, 300]
            .Array[1, 40]
            .Sample(values =>
            {
                double largest = values.Max();
                double sum = values.Sum(value => Math.Exp(value - largest));
                float[] actual = [.. values];
                RowOperations.Softmax(actual);
                for (int i = 0; i < values.Length; i++)
                {
                    Assert.False(float.IsSubnormal(actual[i]) && sum < 1.1);
                    Assert.Equal(Math.Exp(values[i] - largest) / sum, actual[i], 2e-6);
                }
            });
}
