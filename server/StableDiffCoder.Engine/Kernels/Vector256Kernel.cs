namespace StableDiffCoder.Engine.Kernels;

/// <summary>256-bit vectors (AVX2; two AdvSimd registers on Arm64): tiles of 2 rows by 4 tokens, whose 8 sums stay in registers along the row.</summary>
public sealed unsafe class Vector256Kernel : ILinearKernel
{
    /// <summary>Columns that are computed at a time.</summary>
    internal const int Block = 16;

    /// <inheritdoc/>
    public string Name => LinearKernels.VectorName;

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
                Rows<Float32Format256>(weight, firstRow, rowCount, prepared, tokens, target);
                break;
            case WeightFormat.BFloat16:
                Rows<BFloat16Format256>(weight, firstRow, rowCount, prepared, tokens, target);
                break;
            case WeightFormat.Int8:
                Rows<Int8Format256>(weight, firstRow, rowCount, prepared, tokens, target);
                break;
            default:
                Rows<Int4Format256>(weight, firstRow, rowCount, prepared, tokens, target);
                break;
        }
    }

    /// <inheritdoc/>
    public void Mix(in WeightMatrix values, float* shares, int shareStride, int queries, float* result, int resultStride)
    {
        if (values.Format == WeightFormat.BFloat16)
        {
            ValueMix256.Run<BFloat16Format256>(values, shares, shareStride, queries, result, resultStride);
        }
        else
        {
            ValueMix256.Run<Float32Format256>(values, shares, shareStride, queries, result, resultStride);
        }
    }

    private static void Rows<TFormat>(in WeightMatrix weight, int firstRow, int rowCount, float* prepared, int tokens, ProductTarget target)
        where TFormat : struct, IFormat256
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
                ProductTile256.Run<TFormat>(weight, rows.Row0, rows.Row1, input, sums);
                ProductTile256.Run<TFormat>(weight, rows.Row2, rows.Row3, input, sums + 2);
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
