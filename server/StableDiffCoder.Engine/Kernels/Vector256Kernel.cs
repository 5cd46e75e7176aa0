using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>256-bit vectors (AVX2; two AdvSimd registers on Arm64): tiles of 2 rows by 4 tokens, whose 8 sums stay in registers along the row.</summary>
public sealed unsafe class Vector256Kernel : ILinearKernel
{
    /// <summary>Columns that are computed at a time.</summary>
    internal const int Block = 16;

    /// <inheritdoc/>
    public string Name => LinearKernels.VectorName;

    /// <inheritdoc/>
    public void Prepare(WeightFormat format, float* input, int tokens, int columns, float* prepared)
    {
        if (format == WeightFormat.Int8 && IsInteger(columns))
        {
            IntegerActivations.Prepare(input, tokens, columns, prepared, Int8Tile256.Step);
            return;
        }
        ActivationOrder.Prepare(input, tokens, columns, prepared, format == WeightFormat.BFloat16 ? Block : 0);
    }

    /// <summary>Whether weights of 8 bits are multiplied in whole numbers.</summary>
    internal static bool IsInteger(int columns) => Avx2.IsSupported && columns >= IntegerActivations.LeastColumns;

    /// <inheritdoc/>
    public void Multiply(
        in WeightMatrix weight,
        int firstRow,
        int rowCount,
        float* prepared,
        int tokens,
        float* result,
        int resultStride,
        bool accumulate
    )
    {
        var target = new ProductTarget(result, resultStride, accumulate);
        switch (weight.Format)
        {
            case WeightFormat.Float32:
                ProductRows.Run<ProductTile256<Float32Format256>>(weight, firstRow, rowCount, prepared, tokens, target);
                break;
            case WeightFormat.BFloat16:
                ProductRows.Run<ProductTile256<BFloat16Format256>>(weight, firstRow, rowCount, prepared, tokens, target);
                break;
            case WeightFormat.Int8 when IsInteger(weight.Columns):
                ProductRows.Run<Int8Tile256>(weight, firstRow, rowCount, prepared, tokens, target);
                break;
            case WeightFormat.Int8:
                ProductRows.Run<ProductTile256<Int8Format256>>(weight, firstRow, rowCount, prepared, tokens, target);
                break;
            default:
                ProductRows.Run<ProductTile256<Int4Format256>>(weight, firstRow, rowCount, prepared, tokens, target);
                break;
        }
    }

    /// <inheritdoc/>
    public void Mix(in WeightMatrix values, float* shares, int shareStride, int queries, float* result, int resultStride)
    {
        if (values.Format == WeightFormat.BFloat16)
        {
            ValueMix<Vector256<float>, Width256, BFloat16Format256>.Run(values, shares, shareStride, queries, result, resultStride);
        }
        else
        {
            ValueMix<Vector256<float>, Width256, Float32Format256>.Run(values, shares, shareStride, queries, result, resultStride);
        }
    }
}
