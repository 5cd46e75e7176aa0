using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>
/// Activations as whole numbers of 16 bits with one scale a token. In the place of a token's row of float32 stand its numbers and, behind them,
/// the scale.
/// </summary>
internal static unsafe class IntegerActivations
{
    // Columns whose products with codes go into the same 32-bit sum, and how large two products of codes (127) and ones are together.
    private const int ColumnsAStep = 32;
    private const int TwoCodes = 2 * 127;

    /// <summary>Largest number of an activation: 32,767, or less where a row is so long that a sum of 32 bits could overflow.</summary>
    public static int Largest(int columns)
    {
        int steps = Math.Max(1, (columns + ColumnsAStep - 1) / ColumnsAStep);
        return (int)Math.Min(short.MaxValue, int.MaxValue / ((long)TwoCodes * steps));
    }

    /// <summary>Rounds activations, and puts zeros behind the last token up to a multiple of four.</summary>
    /// <param name="input">[tokens, columns].</param>
    /// <param name="tokens">Number of tokens.</param>
    /// <param name="columns">At least 4: shorter rows have no room for numbers and scale.</param>
    /// <param name="prepared">[tokens rounded up, columns], room for float32.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Prepare(float* input, int tokens, int columns, float* prepared)
    {
        int padded = (tokens + ILinearKernel.TokenTile - 1) / ILinearKernel.TokenTile * ILinearKernel.TokenTile;
        int largest = Largest(columns);
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

    /// <summary>A token's scale.</summary>
    public static float ScaleOf(float* row, int columns) => *ScalePlace(row, columns);

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
