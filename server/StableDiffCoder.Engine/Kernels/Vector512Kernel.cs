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
    public void Prepare(WeightFormat format, float* input, int tokens, int columns, float* prepared) =>
        ActivationOrder.Prepare(input, tokens, columns, prepared, format == WeightFormat.BFloat16 ? Block : 0);

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
                Rows<Float32Format512>(weight, firstRow, rowCount, prepared, tokens, target);
                break;
            case WeightFormat.BFloat16:
                Rows<BFloat16Format512>(weight, firstRow, rowCount, prepared, tokens, target);
                break;
            case WeightFormat.Int8:
                Rows<Int8Format512>(weight, firstRow, rowCount, prepared, tokens, target);
                break;
            default:
                Rows<Int4Format512>(weight, firstRow, rowCount, prepared, tokens, target);
                break;
        }
    }

    /// <inheritdoc/>
    public void Mix(in WeightMatrix values, float* shares, int shareStride, int queries, float* result, int resultStride)
    {
        if (values.Format == WeightFormat.BFloat16)
        {
            ValueMix512.Run<BFloat16Format512>(values, shares, shareStride, queries, result, resultStride);
        }
        else
        {
            ValueMix512.Run<Float32Format512>(values, shares, shareStride, queries, result, resultStride);
        }
    }

    private static void Rows<TFormat>(in WeightMatrix weight, int firstRow, int rowCount, float* prepared, int tokens, ProductTarget target)
        where TFormat : struct, IFormat512
    {
        float* sums = stackalloc float[16];
        int tail = weight.Columns / Block * Block;
        int last = firstRow + rowCount - 1;
        for (int row = firstRow; row <= last; row += 4)
        {
            // Rows behind the last are computed as copies of it, and dropped.
            var rows = new RowTile(row, Math.Min(row + 1, last), Math.Min(row + 2, last), Math.Min(row + 3, last));
            for (int token = 0; token < tokens; token += ILinearKernel.TokenTile)
            {
                float* input = prepared + ((long)token * weight.Columns);
                ProductTile512.Run<TFormat>(weight, rows, input, sums);
                if (weight.Format == WeightFormat.Int8)
                {
                    rows.Scale(weight, sums);
                }
                if (tail < weight.Columns)
                {
                    rows.AddTail(weight, tail, input, sums);
                }
                target.Write(sums, row, Math.Min(4, last + 1 - row), token, Math.Min(ILinearKernel.TokenTile, tokens - token));
            }
        }
    }
}
