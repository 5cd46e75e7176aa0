using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>4 rows by 4 tokens, two rows at a time in 8 registers of 256 bits.</summary>
internal readonly unsafe struct ProductTile256<TFormat> : IProductTile
    where TFormat : struct, IFormat<Vector256<float>>
{
    /// <inheritdoc/>
    public static int Block => Vector256Kernel.Block;

    /// <inheritdoc/>
    public static void Run(in WeightMatrix weight, RowTile rows, float* input, float* sums)
    {
        Pair(weight, rows.Row0, rows.Row1, input, sums);
        Pair(weight, rows.Row2, rows.Row3, input, sums + 2);
    }

    // Of [4 tokens, 4 rows], two rows are written.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Pair(in WeightMatrix weight, int first, int second, float* input, float* sums)
    {
        byte* row0 = weight.Row(first);
        byte* row1 = weight.Row(second);
        ushort* scales0 = weight.GroupScalesOf(first);
        ushort* scales1 = weight.GroupScalesOf(second);
        nint stride = weight.Columns;
        nint blocks = weight.Columns / Vector256Kernel.Block;
        byte* later = row0 + LaterWeights.Distance((nint)weight.RowBytes);
        nint aBlock = (nint)(2 * WeightMatrix.BytesOf(weight.Format, Vector256Kernel.Block));
        Vector256<float> s00 = Vector256<float>.Zero,
            s01 = Vector256<float>.Zero;
        Vector256<float> s10 = Vector256<float>.Zero,
            s11 = Vector256<float>.Zero;
        Vector256<float> s20 = Vector256<float>.Zero,
            s21 = Vector256<float>.Zero;
        Vector256<float> s30 = Vector256<float>.Zero,
            s31 = Vector256<float>.Zero;
        for (nint block = 0; block < blocks; block++)
        {
            float* start = input + (block * Vector256Kernel.Block);
            LaterWeights.Prefetch(later + (block * aBlock));
            Vector256<float> first0 = Vector256.Load(start);
            Vector256<float> first1 = Vector256.Load(start + stride);
            Vector256<float> first2 = Vector256.Load(start + (2 * stride));
            Vector256<float> first3 = Vector256.Load(start + (3 * stride));
            Vector256<float> second0 = Vector256.Load(start + 8);
            Vector256<float> second1 = Vector256.Load(start + stride + 8);
            Vector256<float> second2 = Vector256.Load(start + (2 * stride) + 8);
            Vector256<float> second3 = Vector256.Load(start + (3 * stride) + 8);
            TFormat.Load(row0, scales0, block, out Vector256<float> even0, out Vector256<float> odd0);
            s00 = Vector256.MultiplyAddEstimate(even0, first0, s00);
            s10 = Vector256.MultiplyAddEstimate(even0, first1, s10);
            s20 = Vector256.MultiplyAddEstimate(even0, first2, s20);
            s30 = Vector256.MultiplyAddEstimate(even0, first3, s30);
            s00 = Vector256.MultiplyAddEstimate(odd0, second0, s00);
            s10 = Vector256.MultiplyAddEstimate(odd0, second1, s10);
            s20 = Vector256.MultiplyAddEstimate(odd0, second2, s20);
            s30 = Vector256.MultiplyAddEstimate(odd0, second3, s30);
            TFormat.Load(row1, scales1, block, out Vector256<float> even1, out Vector256<float> odd1);
            s01 = Vector256.MultiplyAddEstimate(even1, first0, s01);
            s11 = Vector256.MultiplyAddEstimate(even1, first1, s11);
            s21 = Vector256.MultiplyAddEstimate(even1, first2, s21);
            s31 = Vector256.MultiplyAddEstimate(even1, first3, s31);
            s01 = Vector256.MultiplyAddEstimate(odd1, second0, s01);
            s11 = Vector256.MultiplyAddEstimate(odd1, second1, s11);
            s21 = Vector256.MultiplyAddEstimate(odd1, second2, s21);
            s31 = Vector256.MultiplyAddEstimate(odd1, second3, s31);
        }
        sums[0] = Vector256.Sum(s00);
        sums[1] = Vector256.Sum(s01);
        sums[4] = Vector256.Sum(s10);
        sums[5] = Vector256.Sum(s11);
        sums[8] = Vector256.Sum(s20);
        sums[9] = Vector256.Sum(s21);
        sums[12] = Vector256.Sum(s30);
        sums[13] = Vector256.Sum(s31);
    }
}
