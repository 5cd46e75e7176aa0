using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>
/// Activations as whole numbers of 16 bits with one scale a token. In the place of a token's row of float32 stand its numbers and, behind them,
/// the scale.
/// </summary>
internal static unsafe class IntegerActivations
{
    // How large two products of codes (127) and ones are together.
    private const int TwoCodes = 2 * 127;

    /// <summary>Shorter rows have no room for whole numbers and their scale in the place of floats.</summary>
    public const int LeastColumns = 4;

    /// <summary>Largest number of an activation: 32,767, or less where a row is so long that a sum of 32 bits could overflow.</summary>
    /// <param name="columns">Of a row.</param>
    /// <param name="columnsAStep">Columns that a kernel takes at a time; the products of two of them go into the same 32-bit sum.</param>
    public static int Largest(int columns, int columnsAStep)
    {
        int steps = Math.Max(1, (columns + columnsAStep - 1) / columnsAStep);
        return (int)Math.Min(short.MaxValue, int.MaxValue / ((long)TwoCodes * steps));
    }

    /// <summary>Rounds activations, and puts zeros behind the last token up to a multiple of four.</summary>
    /// <param name="input">[tokens, columns].</param>
    /// <param name="tokens">Number of tokens.</param>
    /// <param name="columns">At least 4: shorter rows have no room for numbers and scale.</param>
    /// <param name="prepared">[tokens rounded up, columns], room for float32.</param>
    /// <param name="columnsAStep">Columns that the kernel takes at a time.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Prepare(float* input, int tokens, int columns, float* prepared, int columnsAStep)
    {
        int padded = (tokens + ILinearKernel.TokenTile - 1) / ILinearKernel.TokenTile * ILinearKernel.TokenTile;
        int largest = Largest(columns, columnsAStep);
        for (int token = 0; token < padded; token++)
        {
            float* row = prepared + ((long)token * columns);
            if (token >= tokens)
            {
                new Span<float>(row, columns).Clear();
                continue;
            }
            float* from = input + ((long)token * columns);
            float scale = Largest(from, columns) / largest;
            Round(from, columns, scale > 0 ? 1 / scale : 0, (short*)row);
            *ScalePlace(row, columns) = scale;
        }
    }

    /// <summary>Adds the columns that fill no step to sums, [4 tokens, 4 rows].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddTail(in WeightMatrix weight, RowTile rows, nint first, float* input, float* sums)
    {
        sbyte* row0 = (sbyte*)weight.Row(rows.Row0);
        sbyte* row1 = (sbyte*)weight.Row(rows.Row1);
        sbyte* row2 = (sbyte*)weight.Row(rows.Row2);
        sbyte* row3 = (sbyte*)weight.Row(rows.Row3);
        for (nint column = first; column < weight.Columns; column++)
        {
            Vector128<float> codes = Vector128.Create((float)row0[column], row1[column], row2[column], row3[column]);
            for (int token = 0; token < ILinearKernel.TokenTile; token++)
            {
                float* place = sums + (4 * token);
                short activation = ((short*)(input + ((long)token * weight.Columns)))[column];
                (Vector128.Load(place) + (codes * activation)).Store(place);
            }
        }
    }

    /// <summary>Multiplies sums, [4 tokens, 4 rows], by the tokens' scales.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(float* input, nint columns, float* sums)
    {
        for (int token = 0; token < ILinearKernel.TokenTile; token++)
        {
            float* place = sums + (4 * token);
            (Vector128.Load(place) * *ScalePlace(input + (token * columns), (int)columns)).Store(place);
        }
    }

    private static float* ScalePlace(float* row, int columns) => row + ((columns + 1) / 2);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Largest(float* from, int columns)
    {
        Vector256<float> most = Vector256<float>.Zero;
        int i = 0;
        for (; i + 8 <= columns; i += 8)
        {
            most = Vector256.Max(most, Vector256.Abs(Vector256.Load(from + i)));
        }
        float largest = 0;
        for (int lane = 0; lane < 8; lane++)
        {
            largest = MathF.Max(largest, most[lane]);
        }
        for (; i < columns; i++)
        {
            largest = MathF.Max(largest, MathF.Abs(from[i]));
        }
        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Round(float* from, int columns, float factor, short* to)
    {
        int i = 0;
        for (; i + 16 <= columns; i += 16)
        {
            Vector256<int> low = Vector256.ConvertToInt32(Vector256.Round(Vector256.Load(from + i) * factor));
            Vector256<int> high = Vector256.ConvertToInt32(Vector256.Round(Vector256.Load(from + i + 8) * factor));
            Vector256.Narrow(low, high).Store(to + i);
        }
        for (; i < columns; i++)
        {
            to[i] = (short)MathF.Round(from[i] * factor);
        }
    }
}
