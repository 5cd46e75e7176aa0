using CsCheck;
using StableDiffCoder.Engine.Kernels;

namespace StableDiffCoder.Engine.Tests.Kernels;

public sealed unsafe class WeightQuantizerTests
{
    [Theory]
    [InlineData(WeightFormat.Int8)]
    [InlineData(WeightFormat.Int4)]
    public void Round_AnyRow_IsWithinHalfAStepOfEachValue(WeightFormat format)
    {
        Gen.Select(Gen.Float[-1000, 1000].Array[1, 4], Gen.Float[1e-6f, 1f], Gen.Int[1, 5])
            .Sample(
                (values, scale, groups) =>
                {
                    float[] row = [.. Enumerable.Range(0, groups * 32).Select(i => values[i % values.Length] * scale * ((i * 7 % 11) - 5))];
                    float[] back = RoundTrip(format, row, out Func<int, float> step);
                    for (int i = 0; i < row.Length; i++)
                    {
                        // The step at the other end of the range than the extreme value is one short in int4: half a step more.
                        float allowed = (format == WeightFormat.Int4 ? 1.04f : 0.501f) * Math.Abs(step(i));
                        Assert.True(
                            Math.Abs(row[i] - back[i]) <= allowed + 1e-30f,
                            $"{i}: {row[i]} came back as {back[i]}, step {step(i)}"
                        );
                    }
                }
            );
    }

    [Theory]
    [InlineData(WeightFormat.Int8)]
    [InlineData(WeightFormat.Int4)]
    public void Round_Zeros_GiveZeros(WeightFormat format) =>
        Assert.All(RoundTrip(format, new float[64], out _), value => Assert.Equal(0, value));

    [Fact]
    public void Expand_EveryElement_EqualsTheMatrixsOwn()
    {
        foreach (WeightFormat format in (WeightFormat[])[WeightFormat.Int8, WeightFormat.Int4])
        {
            foreach (int columns in format == WeightFormat.Int4 ? (int[])[32, 96] : [5, 32, 47])
            {
                using var data = new KernelCase(format, rows: 3, columns, tokens: 1);
                float[] values = new float[columns];
                for (int row = 0; row < 3; row++)
                {
                    WeightQuantizer.Expand(data.Weight, row, values);
                    for (int column = 0; column < columns; column++)
                    {
                        Assert.Equal(data.Weight.Element(row, column), values[column]);
                    }
                }
            }
        }
    }

    [Fact]
    public void Narrow_ManyValues_RoundsToTheNearestBrainFloat()
    {
        var random = new Random(2);
        float[] values =
        [
            .. Enumerable
                .Range(0, 1000)
                .Select(_ => BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32)))
                .Where(float.IsFinite),
        ];
        ushort[] narrow = new ushort[values.Length];
        fixed (ushort* start = narrow)
        {
            RowOperations.Narrow(values, (byte*)start, WeightFormat.BFloat16);
        }
        Assert.Equal(values.Select(BrainFloat.FromSingle), narrow);
    }

    private static float[] RoundTrip(WeightFormat format, float[] row, out Func<int, float> step)
    {
        byte[] codes = new byte[row.Length];
        float[] scales = new float[row.Length];
        float[] back = new float[row.Length];
        fixed (byte* code = codes)
        fixed (float* scale = scales)
        {
            var matrix = new WeightMatrix(code, 1, row.Length, format, scale);
            WeightQuantizer.Round(row, matrix, 0);
            WeightQuantizer.Expand(matrix, 0, back);
            float[] steps =
            [
                .. Enumerable
                    .Range(0, row.Length)
                    .Select(i => format == WeightFormat.Int8 ? scales[0] : BrainFloat.ToSingle(matrix.GroupScalesOf(0)[i / 32])),
            ];
            step = i => steps[i];
        }
        return back;
    }
}
