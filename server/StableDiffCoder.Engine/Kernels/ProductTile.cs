using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>Four rows of a weight; the last ones repeat where a range ends.</summary>
internal readonly unsafe struct RowTile(int row0, int row1, int row2, int row3)
{
    public int Row0 { get; } = row0;

    public int Row1 { get; } = row1;

    public int Row2 { get; } = row2;

    public int Row3 { get; } = row3;

    /// <summary>Multiplies sums, [4 tokens, 4 rows], by the rows' scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Scale(in WeightMatrix weight, float* sums)
    {
        float* scales = weight.RowScales;
        Vector128<float> four = Vector128.Create(scales[Row0], scales[Row1], scales[Row2], scales[Row3]);
        for (int token = 0; token < ILinearKernel.TokenTile; token++)
        {
            (Vector128.Load(sums + (4 * token)) * four).Store(sums + (4 * token));
        }
    }

    /// <summary>Adds the columns that fill no block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AddTail(in WeightMatrix weight, int firstColumn, float* input, float* sums)
    {
        for (int column = firstColumn; column < weight.Columns; column++)
        {
            Vector128<float> four = Vector128.Create(
                weight.Element(Row0, column),
                weight.Element(Row1, column),
                weight.Element(Row2, column),
                weight.Element(Row3, column)
            );
            for (int token = 0; token < ILinearKernel.TokenTile; token++)
            {
                float* place = sums + (4 * token);
                (Vector128.Load(place) + (four * input[((long)token * weight.Columns) + column])).Store(place);
            }
        }
    }
}

/// <summary>Where sums go: [tokens, rows].</summary>
internal readonly unsafe struct ProductTarget(float* result, int stride, bool accumulate)
{
    private readonly float* result = result;

    /// <summary>Writes sums, [4 tokens, 4 rows], as far as they count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Write(float* sums, int row, int rows, int token, int tokens)
    {
        for (int t = 0; t < tokens; t++)
        {
            float* place = result + ((long)(token + t) * stride) + row;
            if (rows == 4)
            {
                Vector128<float> four = Vector128.Load(sums + (4 * t));
                (accumulate ? Vector128.Load(place) + four : four).Store(place);
                continue;
            }
            for (int r = 0; r < rows; r++)
            {
                place[r] = accumulate ? place[r] + sums[(4 * t) + r] : sums[(4 * t) + r];
            }
        }
    }
}
