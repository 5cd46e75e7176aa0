using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>AVX-512: tiles of 4 rows by 4 tokens, whose 16 sums stay in registers along the row.</summary>
public sealed unsafe class Vector512Kernel : ILinearKernel
{
    /// <summary>Columns that are computed at a time.</summary>
    internal const int Block = 32;

    /// <summary>Whether this CPU has AVX-512 and runs it at full width.</summary>
    public static bool IsSupported => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    /// <inheritdoc/>
    public string Name => "AVX-512";

    /// <inheritdoc/>
    public void Prepare(WeightFormat format, float* input, int tokens, int columns, float* prepared)
    {
        if (format == WeightFormat.Int8 && columns >= IntegerActivations.LeastColumns)
        {
            IntegerActivations.Prepare(input, tokens, columns, prepared, Int8Tile512.Step);
            return;
        }
        ActivationOrder.Prepare(input, tokens, columns, prepared, format == WeightFormat.BFloat16 ? Block : 0);
    }

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
                ProductRows.Run<ProductTile512<Float32Format512>>(weight, firstRow, rowCount, prepared, tokens, target);
                break;
            case WeightFormat.BFloat16:
                ProductRows.Run<ProductTile512<BFloat16Format512>>(weight, firstRow, rowCount, prepared, tokens, target);
                break;
            case WeightFormat.Int8 when weight.Columns >= IntegerActivations.LeastColumns:
                ProductRows.Run<Int8Tile512>(weight, firstRow, rowCount, prepared, tokens, target);
                break;
            case WeightFormat.Int8:
                ProductRows.Run<ProductTile512<Int8Format512>>(weight, firstRow, rowCount, prepared, tokens, target);
                break;
            default:
                ProductRows.Run<ProductTile512<Int4Format512>>(weight, firstRow, rowCount, prepared, tokens, target);
                break;
        }
    }

    /// <inheritdoc/>
    public void Mix(in WeightMatrix values, float* shares, int shareStride, int queries, float* result, int resultStride)
    {
        if (values.Format == WeightFormat.BFloat16)
        {
            ValueMix<Vector512<float>, Width512, BFloat16Format512>.Run(values, shares, shareStride, queries, result, resultStride);
        }
        else
        {
            ValueMix<Vector512<float>, Width512, Float32Format512>.Run(values, shares, shareStride, queries, result, resultStride);
        }
    }
}
