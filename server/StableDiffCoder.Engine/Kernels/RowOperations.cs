using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>
/// What stands between the products, on float32 rows. Compiled at full strength at once: the first completion is waited for like any other.
/// </summary>
internal static unsafe class RowOperations
{
    /// <summary>output = input / √(mean(input²) + ε) · gain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RmsNorm(ReadOnlySpan<float> input, ReadOnlySpan<float> gain, float epsilon, Span<float> output)
    {
        float scale = 1 / MathF.Sqrt((SumOfSquares(input) / input.Length) + epsilon);
        int i = 0;
        for (; i + 8 <= input.Length; i += 8)
        {
            (Vector256.Create(input.Slice(i, 8)) * scale * Vector256.Create(gain.Slice(i, 8))).CopyTo(output[i..]);
        }
        for (; i < input.Length; i++)
        {
            output[i] = input[i] * scale * gain[i];
        }
    }

    /// <summary>Rotary embedding by halves: dimension i is turned with i + Dh/2, and everything is multiplied by a factor.</summary>
    /// <param name="head">One head of one token, [Dh]; changed in place.</param>
    /// <param name="cosines">[Dh/2] of the token's position.</param>
    /// <param name="sines">[Dh/2].</param>
    /// <param name="factor">1, or the scale of attention.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rotate(Span<float> head, ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines, float factor)
    {
        int half = head.Length / 2;
        Span<float> low = head[..half];
        Span<float> high = head[half..];
        int i = 0;
        for (; i + 8 <= half; i += 8)
        {
            Vector256<float> a = Vector256.Create<float>(low.Slice(i, 8));
            Vector256<float> b = Vector256.Create<float>(high.Slice(i, 8));
            Vector256<float> cosine = Vector256.Create(cosines.Slice(i, 8));
            Vector256<float> sine = Vector256.Create(sines.Slice(i, 8));
            (((a * cosine) - (b * sine)) * factor).CopyTo(low[i..]);
            (((b * cosine) + (a * sine)) * factor).CopyTo(high[i..]);
        }
        for (; i < half; i++)
        {
            float a = low[i];
            float b = high[i];
            low[i] = ((a * cosines[i]) - (b * sines[i])) * factor;
            high[i] = ((b * cosines[i]) + (a * sines[i])) * factor;
        }
    }

    /// <summary>gate ← silu(gate) · up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SiluMultiply(float* gate, float* up, int count)
    {
        int i = 0;
        for (; i + 8 <= count; i += 8)
        {
            Vector256<float> x = Vector256.Load(gate + i);
            Vector256<float> sigmoid = Vector256<float>.One / (Vector256<float>.One + VectorExp.Of(-x));
            (x * sigmoid * Vector256.Load(up + i)).Store(gate + i);
        }
        for (; i < count; i++)
        {
            gate[i] = gate[i] / (1 + MathF.Exp(-gate[i])) * up[i];
        }
    }

    /// <summary>
    /// Softmax of one row, in place; −∞ gives 0, and so does what is more than 87 below the largest. At least one value is finite.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Softmax(Span<float> row)
    {
        float largest = Max(row);
        float sum = 0;
        int i = 0;
        Vector256<float> sums = Vector256<float>.Zero;
        for (; i + 8 <= row.Length; i += 8)
        {
            Vector256<float> exponent = Vector256.Create<float>(row.Slice(i, 8)) - Vector256.Create(largest);
            Vector256<float> share = VectorExp.Of(exponent) & Vector256.GreaterThanOrEqual(exponent, Vector256.Create(VectorExp.Least));
            sums += share;
            share.CopyTo(row[i..]);
        }
        for (; i < row.Length; i++)
        {
            float exponent = row[i] - largest;
            row[i] = exponent < VectorExp.Least ? 0 : MathF.Exp(exponent);
            sum += row[i];
        }
        Multiply(row, 1 / (sum + Vector256.Sum(sums)));
    }

    /// <summary>Widens a row of float32 or bfloat16 elements.</summary>
    public static void Widen(in WeightMatrix matrix, int row, Span<float> output)
    {
        switch (matrix.Format)
        {
            case WeightFormat.Float32:
                new ReadOnlySpan<float>(matrix.Row(row), matrix.Columns).CopyTo(output);
                break;
            case WeightFormat.BFloat16:
                WidenBrainFloat((ushort*)matrix.Row(row), output);
                break;
            default:
                for (int column = 0; column < matrix.Columns; column++)
                {
                    output[column] = matrix.Element(row, column);
                }
                break;
        }
    }

    /// <summary>Stores a row as float32 or bfloat16 (rounded to nearest, ties to even).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Narrow(ReadOnlySpan<float> input, byte* output, WeightFormat format)
    {
        if (format == WeightFormat.Float32)
        {
            input.CopyTo(new Span<float>(output, input.Length));
            return;
        }
        int start = 0;
        for (; start + 16 <= input.Length; start += 16)
        {
            Vector256<uint> low = RoundToUpperHalf(Vector256.Create(input.Slice(start, 8)).AsUInt32());
            Vector256<uint> high = RoundToUpperHalf(Vector256.Create(input.Slice(start + 8, 8)).AsUInt32());
            Vector256.Narrow(low, high).Store((ushort*)output + start);
        }
        for (; start < input.Length; start++)
        {
            ((ushort*)output)[start] = BrainFloat.FromSingle(input[start]);
        }
    }

    // As in BrainFloat, but for NaN, which is not met among activations and weights.
    private static Vector256<uint> RoundToUpperHalf(Vector256<uint> bits) =>
        (bits + Vector256.Create(0x7FFFu) + ((bits >>> 16) & Vector256<uint>.One)) >>> 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WidenBrainFloat(ushort* input, Span<float> output)
    {
        int i = 0;
        for (; i + 8 <= output.Length; i += 8)
        {
            (Vector256.WidenLower(Vector128.Load(input + i).ToVector256Unsafe()) << 16).AsSingle().CopyTo(output[i..]);
        }
        for (; i < output.Length; i++)
        {
            output[i] = BrainFloat.ToSingle(input[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float SumOfSquares(ReadOnlySpan<float> row)
    {
        Vector256<float> sums = Vector256<float>.Zero;
        int i = 0;
        for (; i + 8 <= row.Length; i += 8)
        {
            Vector256<float> x = Vector256.Create(row.Slice(i, 8));
            sums += x * x;
        }
        float sum = Vector256.Sum(sums);
        for (; i < row.Length; i++)
        {
            sum += row[i] * row[i];
        }
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Max(ReadOnlySpan<float> row)
    {
        Vector256<float> largest = Vector256.Create(float.NegativeInfinity);
        int i = 0;
        for (; i + 8 <= row.Length; i += 8)
        {
            largest = Vector256.Max(largest, Vector256.Create(row.Slice(i, 8)));
        }
        float max = float.NegativeInfinity;
        for (int lane = 0; lane < 8; lane++)
        {
            max = Math.Max(max, largest[lane]);
        }
        for (; i < row.Length; i++)
        {
            max = Math.Max(max, row[i]);
        }
        return max;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply(Span<float> row, float factor)
    {
        int i = 0;
        for (; i + 8 <= row.Length; i += 8)
        {
            (Vector256.Create<float>(row.Slice(i, 8)) * factor).CopyTo(row[i..]);
        }
        for (; i < row.Length; i++)
        {
            row[i] *= factor;
        }
    }
}
