using System.Runtime.Intrinsics;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>Rounds rows of weights to 8 or 4 bits, and back.</summary>
internal static unsafe class WeightQuantizer
{
    private const int LargestInt8 = 127;
    private const int LargestInt4 = 8; // −8 to 7

    /// <summary>
    /// Rounds one row. int8: the largest size of the row becomes 127. int4: the value of the largest size of a group becomes −8, whatever its
    /// sign, so that one of the sixteen steps is not lost (as llama.cpp's Q4_0 does); the scale is rounded before the values are.
    /// </summary>
    /// <param name="values">[columns].</param>
    /// <param name="target">Written to: the row and its scales.</param>
    /// <param name="row">Which row.</param>
    public static void Round(ReadOnlySpan<float> values, in WeightMatrix target, int row)
    {
        if (target.Format == WeightFormat.Int8)
        {
            target.RowScales[row] = RoundInt8(values, (sbyte*)target.Row(row));
            return;
        }
        ushort* scales = target.GroupScalesOf(row);
        byte* codes = target.Row(row);
        for (int group = 0; group < values.Length / WeightMatrix.Int4Group; group++)
        {
            scales[group] = RoundInt4(values.Slice(group * WeightMatrix.Int4Group, WeightMatrix.Int4Group), codes + (group * 16));
        }
    }

    /// <summary>The values that a row stands for.</summary>
    /// <param name="source">int8 or int4.</param>
    /// <param name="row">Which row.</param>
    /// <param name="values">[columns], written.</param>
    public static void Expand(in WeightMatrix source, int row, Span<float> values)
    {
        byte* codes = source.Row(row);
        ushort* scales = source.GroupScalesOf(row);
        bool isInt8 = source.Format == WeightFormat.Int8;
        float rowScale = isInt8 ? source.RowScales[row] : 1;
        int column = 0;
        for (; column + 16 <= values.Length; column += 16)
        {
            Vector256<float> first;
            Vector256<float> second;
            if (isInt8)
            {
                Int8Format256.Load(codes, scales, column / 16, out first, out second);
            }
            else
            {
                Int4Format256.Load(codes, scales, column / 16, out first, out second);
            }
            (first * rowScale).CopyTo(values[column..]);
            (second * rowScale).CopyTo(values[(column + 8)..]);
        }
        for (; column < values.Length; column++)
        {
            values[column] = source.Element(row, column);
        }
    }

    private static float RoundInt8(ReadOnlySpan<float> values, sbyte* codes)
    {
        float largest = 0;
        foreach (float value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }
        float scale = largest / LargestInt8;
        float inverse = scale > 0 ? 1 / scale : 0;
        for (int i = 0; i < values.Length; i++)
        {
            codes[i] = (sbyte)Math.Clamp(MathF.Round(values[i] * inverse), -LargestInt8, LargestInt8);
        }
        return scale;
    }

    private static ushort RoundInt4(ReadOnlySpan<float> values, byte* codes)
    {
        float extreme = 0;
        foreach (float value in values)
        {
            extreme = Math.Abs(value) > Math.Abs(extreme) ? value : extreme;
        }
        ushort scale = BrainFloat.FromSingle(extreme / -LargestInt4);
        float rounded = BrainFloat.ToSingle(scale);
        float inverse = rounded == 0 ? 0 : 1 / rounded;
        for (int i = 0; i < 16; i++)
        {
            codes[i] = (byte)(Code(values[i], inverse) | (Code(values[i + 16], inverse) << 4));
        }
        return scale;
    }

    private static int Code(float value, float inverse) =>
        (int)Math.Clamp(MathF.Round(value * inverse), -LargestInt4, LargestInt4 - 1) + LargestInt4;
}
