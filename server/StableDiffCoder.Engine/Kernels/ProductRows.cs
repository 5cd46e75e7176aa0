using System.Runtime.CompilerServices;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>The sums of 4 rows by 4 tokens over all whole blocks of columns, by one instruction set from one weight format.</summary>
internal unsafe interface IProductTile
{
    /// <summary>Columns of a block.</summary>
    public static abstract int Block { get; }

    /// <summary>Sums over all whole blocks.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="input">[4, columns], prepared.</param>
    /// <param name="sums">[4 tokens, 4 rows], written.</param>
    public static abstract void Run(in WeightMatrix weight, RowTile rows, float* input, float* sums);
}

/// <summary>A product tile by tile, with row scales and the columns that fill no block.</summary>
internal static unsafe class ProductRows
{
    /// <summary>As in <see cref="ILinearKernel.Multiply"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TTile>(in WeightMatrix weight, int firstRow, int rowCount, float* prepared, int tokens, ProductTarget target)
        where TTile : struct, IProductTile
    {
        float* sums = stackalloc float[16];
        int tail = weight.Columns / TTile.Block * TTile.Block;
        int last = firstRow + rowCount - 1;
        for (int row = firstRow; row <= last; row += 4)
        {
            // Rows behind the last are computed as copies of it, and dropped.
            var rows = new RowTile(row, Math.Min(row + 1, last), Math.Min(row + 2, last), Math.Min(row + 3, last));
            for (int token = 0; token < tokens; token += ILinearKernel.TokenTile)
            {
                float* input = prepared + ((long)token * weight.Columns);
                TTile.Run(weight, rows, input, sums);
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
