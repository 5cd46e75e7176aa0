using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>4 rows by 4 tokens in 16 registers of 512 bits.</summary>
internal readonly unsafe struct ProductTile512<TFormat> : IProductTile
    where TFormat : struct, IFormat512
{
    /// <inheritdoc/>
    public static int Block => Vector512Kernel.Block;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(in WeightMatrix weight, RowTile rows, float* input, float* sums)
    {
        byte* row0 = weight.Row(rows.Row0);
        byte* row1 = weight.Row(rows.Row1);
        byte* row2 = weight.Row(rows.Row2);
        byte* row3 = weight.Row(rows.Row3);
        ushort* scales0 = weight.GroupScalesOf(rows.Row0);
        ushort* scales1 = weight.GroupScalesOf(rows.Row1);
        ushort* scales2 = weight.GroupScalesOf(rows.Row2);
        ushort* scales3 = weight.GroupScalesOf(rows.Row3);
        nint stride = weight.Columns;
        byte* later = row0 + LaterWeights.Distance((nint)weight.RowBytes);
        nint blocks = weight.Columns / Vector512Kernel.Block;
        Vector512<float> s00 = Vector512<float>.Zero,
            s01 = Vector512<float>.Zero,
            s02 = Vector512<float>.Zero,
            s03 = Vector512<float>.Zero;
        Vector512<float> s10 = Vector512<float>.Zero,
            s11 = Vector512<float>.Zero,
            s12 = Vector512<float>.Zero,
            s13 = Vector512<float>.Zero;
        Vector512<float> s20 = Vector512<float>.Zero,
            s21 = Vector512<float>.Zero,
            s22 = Vector512<float>.Zero,
            s23 = Vector512<float>.Zero;
        Vector512<float> s30 = Vector512<float>.Zero,
            s31 = Vector512<float>.Zero,
            s32 = Vector512<float>.Zero,
            s33 = Vector512<float>.Zero;
        for (nint block = 0; block < blocks; block++)
        {
            float* start = input + (block * Vector512Kernel.Block);
            TFormat.Prefetch(later, block);
            Vector512<float> first0 = Vector512.Load(start);
            Vector512<float> first1 = Vector512.Load(start + stride);
            Vector512<float> first2 = Vector512.Load(start + (2 * stride));
            Vector512<float> first3 = Vector512.Load(start + (3 * stride));
            Vector512<float> second0 = Vector512.Load(start + 16);
            Vector512<float> second1 = Vector512.Load(start + stride + 16);
            Vector512<float> second2 = Vector512.Load(start + (2 * stride) + 16);
            Vector512<float> second3 = Vector512.Load(start + (3 * stride) + 16);
            TFormat.Load(row0, scales0, block, out Vector512<float> even0, out Vector512<float> odd0);
            s00 = Vector512.MultiplyAddEstimate(even0, first0, s00);
            s10 = Vector512.MultiplyAddEstimate(even0, first1, s10);
            s20 = Vector512.MultiplyAddEstimate(even0, first2, s20);
            s30 = Vector512.MultiplyAddEstimate(even0, first3, s30);
            s00 = Vector512.MultiplyAddEstimate(odd0, second0, s00);
            s10 = Vector512.MultiplyAddEstimate(odd0, second1, s10);
            s20 = Vector512.MultiplyAddEstimate(odd0, second2, s20);
            s30 = Vector512.MultiplyAddEstimate(odd0, second3, s30);
            TFormat.Load(row1, scales1, block, out Vector512<float> even1, out Vector512<float> odd1);
            s01 = Vector512.MultiplyAddEstimate(even1, first0, s01);
            s11 = Vector512.MultiplyAddEstimate(even1, first1, s11);
            s21 = Vector512.MultiplyAddEstimate(even1, first2, s21);
            s31 = Vector512.MultiplyAddEstimate(even1, first3, s31);
            s01 = Vector512.MultiplyAddEstimate(odd1, second0, s01);
            s11 = Vector512.MultiplyAddEstimate(odd1, second1, s11);
            s21 = Vector512.MultiplyAddEstimate(odd1, second2, s21);
            s31 = Vector512.MultiplyAddEstimate(odd1, second3, s31);
            TFormat.Load(row2, scales2, block, out Vector512<float> even2, out Vector512<float> odd2);
            s02 = Vector512.MultiplyAddEstimate(even2, first0, s02);
            s12 = Vector512.MultiplyAddEstimate(even2, first1, s12);
            s22 = Vector512.MultiplyAddEstimate(even2, first2, s22);
            s32 = Vector512.MultiplyAddEstimate(even2, first3, s32);
            s02 = Vector512.MultiplyAddEstimate(odd2, second0, s02);
            s12 = Vector512.MultiplyAddEstimate(odd2, second1, s12);
            s22 = Vector512.MultiplyAddEstimate(odd2, second2, s22);
            s32 = Vector512.MultiplyAddEstimate(odd2, second3, s32);
            TFormat.Load(row3, scales3, block, out Vector512<float> even3, out Vector512<float> odd3);
            s03 = Vector512.MultiplyAddEstimate(even3, first0, s03);
            s13 = Vector512.MultiplyAddEstimate(even3, first1, s13);
            s23 = Vector512.MultiplyAddEstimate(even3, first2, s23);
            s33 = Vector512.MultiplyAddEstimate(even3, first3, s33);
            s03 = Vector512.MultiplyAddEstimate(odd3, second0, s03);
            s13 = Vector512.MultiplyAddEstimate(odd3, second1, s13);
            s23 = Vector512.MultiplyAddEstimate(odd3, second2, s23);
            s33 = Vector512.MultiplyAddEstimate(odd3, second3, s33);
        }
        Tile512.Sum(s00, s01, s02, s03).Store(sums);
        Tile512.Sum(s10, s11, s12, s13).Store(sums + 4);
        Tile512.Sum(s20, s21, s22, s23).Store(sums + 8);
        Tile512.Sum(s30, s31, s32, s33).Store(sums + 12);
    }
}
