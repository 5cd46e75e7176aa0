using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using StableDiffCoder.Engine.Kernels;
using Xunit.Abstractions;

namespace StableDiffCoder.Engine.Tests.Kernels;

public sealed unsafe class LinearKernelTests(ITestOutputHelper output)
{
    // Of the sum of the terms' sizes: float32 sums of a few thousand terms, in any order.
    private const double Tolerance = 1e-6;

    // AVX-512 and AVX2 round the activations of int8 products to 16 bits: half a step of 1/32767 of the largest, which may be the only large one.
    private const double IntegerTolerance = 4e-5;

    private static double ToleranceOf(ILinearKernel kernel, WeightFormat format) =>
        format == WeightFormat.Int8 && (kernel is Vector512Kernel || (kernel is Vector256Kernel && Avx2.IsSupported))
            ? IntegerTolerance
            : Tolerance;

    public static TheoryData<int, WeightFormat> Cases()
    {
        var cases = new TheoryData<int, WeightFormat>();
        foreach (WeightFormat format in Enum.GetValues<WeightFormat>())
        {
            for (int kernel = 0; kernel < LinearKernels.Supported.Count; kernel++)
            {
                cases.Add(kernel, format);
            }
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Multiply_ManyShapes_EqualsTheSumInDoublePrecision(int kernelIndex, WeightFormat format)
    {
        ILinearKernel kernel = LinearKernels.Supported[kernelIndex];
        double worst = 0;
        foreach ((int rows, int columns) in ((int, int)[])[(1, 32), (4, 64), (7, 96), (33, 2080), (5, 20), (6, 33), (9, 47)])
        {
            // Groups of 32 columns are part of the int4 format.
            int width = format == WeightFormat.Int4 ? (columns + 31) / 32 * 32 : columns;
            foreach (int tokens in (int[])[1, 2, 3, 4, 5, 8, 13, 16])
            {
                using var data = new KernelCase(format, rows, width, tokens);
                foreach (bool accumulate in (bool[])[false, true])
                {
                    worst = Math.Max(worst, LargestError(kernel, data, accumulate));
                }
            }
        }
        output.WriteLine($"{kernel.Name}, {format}: largest error {worst:E2} of the terms' sizes");
        Assert.True(worst < ToleranceOf(kernel, format), $"{worst}");
    }

    [Theory]
    [InlineData(2080)]
    [InlineData(14336)]
    [InlineData(40001)]
    public void Multiply_LargestCodesAndActivations_DoesNotOverflow(int columns)
    {
        using var data = new KernelCase(WeightFormat.Int8, rows: 5, columns, tokens: 2);
        new Span<sbyte>(data.Weight.Row(0), 5 * columns).Fill(127);
        new Span<float>(data.Input, 2 * columns).Fill(-3.5f);
        foreach (ILinearKernel kernel in LinearKernels.Supported)
        {
            float[] result = new float[2 * 5];
            Run(kernel, data, 0, 5, result, accumulate: false);
            for (int i = 0; i < result.Length; i++)
            {
                double expected = -3.5 * 127 * columns * data.Weight.RowScales[i % 5];
                Assert.InRange(result[i] / expected, 1 - 1e-3, 1 + 1e-3);
            }
        }
    }

    [Fact]
    public void Prepare_IntegerActivations_KeepsNaNAndZero()
    {
        using var data = new KernelCase(WeightFormat.Int8, rows: 4, columns: 64, tokens: 2);
        new Span<float>(data.Input, 64).Clear();
        data.Input[64 + 7] = float.NaN;
        float[] result = new float[2 * 4];
        foreach (ILinearKernel kernel in LinearKernels.Supported)
        {
            Run(kernel, data, 0, 4, result, accumulate: false);
            Assert.All(result[..4], value => Assert.Equal(0, value));
            Assert.All(result[4..], value => Assert.True(float.IsNaN(value)));
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Multiply_ARangeOfRows_WritesThatRangeAlone(int kernelIndex, WeightFormat format)
    {
        ILinearKernel kernel = LinearKernels.Supported[kernelIndex];
        using var data = new KernelCase(format, rows: 23, columns: 64, tokens: 3);
        foreach ((int first, int count) in ((int, int)[])[(0, 4), (5, 1), (6, 7), (20, 3)])
        {
            float[] result = new float[3 * 23];
            Array.Fill(result, float.NaN);
            Run(kernel, data, first, count, result, accumulate: false);
            for (int i = 0; i < result.Length; i++)
            {
                bool inside = i % 23 >= first && i % 23 < first + count;
                Assert.Equal(inside, !float.IsNaN(result[i]));
            }
        }
    }

    [Theory]
    [InlineData(WeightFormat.Float32)]
    [InlineData(WeightFormat.BFloat16)]
    public void Mix_ManyShapes_EqualsTheSumInDoublePrecision(WeightFormat format)
    {
        foreach (ILinearKernel kernel in LinearKernels.Supported)
        {
            double worst = 0;
            foreach ((int positions, int width) in ((int, int)[])[(1, 32), (17, 64), (130, 128), (9, 6), (11, 40), (5, 12)])
            {
                foreach (int queries in (int[])[1, 4, 6, 16])
                {
                    using var data = new KernelCase(format, positions, width, tokens: 1, seed: positions);
                    worst = Math.Max(worst, MixError(kernel, data, queries));
                }
            }
            output.WriteLine($"{kernel.Name}, {format}: largest error {worst:E2} of the terms' sizes");
            Assert.True(worst < Tolerance, $"{kernel.Name}: {worst}");
        }
    }

    [Fact]
    public void Supported_OnThisCpu_EndsWithTheScalarKernel()
    {
        output.WriteLine(string.Join(", ", LinearKernels.Supported.Select(kernel => kernel.Name)) + $"; best: {LinearKernels.Best.Name}");
        Assert.Equal("scalar", LinearKernels.Supported[^1].Name);
        Assert.Equal(Vector512.IsHardwareAccelerated, LinearKernels.Best.Name == "AVX-512");
    }

    private static double LargestError(ILinearKernel kernel, KernelCase data, bool accumulate)
    {
        int rows = data.Weight.Rows;
        float[] result = new float[data.Tokens * rows];
        Array.Fill(result, accumulate ? 0.25f : float.NaN);
        Run(kernel, data, 0, rows, result, accumulate);
        double worst = 0;
        for (int token = 0; token < data.Tokens; token++)
        {
            for (int row = 0; row < rows; row++)
            {
                (double sum, double size) = data.Expected(row, token);
                double error = Math.Abs(result[(token * rows) + row] - sum - (accumulate ? 0.25 : 0));
                worst = Math.Max(worst, error / (size + 0.25));
            }
        }
        return worst;
    }

    private static void Run(ILinearKernel kernel, KernelCase data, int first, int count, float[] result, bool accumulate)
    {
        using var buffer = new AlignedBuffer();
        float* prepared = buffer.Reserve((data.Tokens + 3L) * data.Weight.Columns);
        kernel.Prepare(data.Weight.Format, data.Input, data.Tokens, data.Weight.Columns, prepared);
        fixed (float* start = result)
        {
            kernel.Multiply(data.Weight, first, count, prepared, data.Tokens, start, data.Weight.Rows, accumulate);
        }
    }

    private static double MixError(ILinearKernel kernel, KernelCase data, int queries)
    {
        int positions = data.Weight.Rows;
        int width = data.Weight.Columns;
        var random = new Random(queries);
        float[] shares = [.. Enumerable.Range(0, (queries + 3) * positions).Select(_ => random.NextSingle())];
        float[] result = new float[queries * width];
        fixed (
            float* share = shares,
                mixed = result
        )
        {
            kernel.Mix(data.Weight, share, positions, queries, mixed, width);
        }
        double worst = 0;
        for (int query = 0; query < queries; query++)
        {
            for (int column = 0; column < width; column++)
            {
                double[] terms =
                [
                    .. Enumerable.Range(0, positions).Select(s => (double)shares[(query * positions) + s] * data.Weight.Element(s, column)),
                ];
                worst = Math.Max(worst, Math.Abs(result[(query * width) + column] - terms.Sum()) / terms.Sum(Math.Abs));
            }
        }
        return worst;
    }
}
