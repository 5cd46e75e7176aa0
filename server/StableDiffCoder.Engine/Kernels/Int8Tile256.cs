using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>As <see cref="Int8Tile512"/> with AVX2: two rows by 4 tokens at a time, in 8 registers of 256 bits.</summary>
internal readonly unsafe struct Int8Tile256 : IProductTile
{
    /// <summary>Columns at a time.</summary>
    internal const int Step = 16;

    /// <summary>The columns that fill no step are done here too.</summary>
    public static int Block => 1;

    /// <inheritdoc/>
    public static void Run(in WeightMatrix weight, RowTile rows, float* input, float* sums)
    {
        Pair(weight, rows.Row0, rows.Row1, input, sums);
        Pair(weight, rows.Row2, rows.Row3, input, sums + 2);
        IntegerActivations.AddTail(weight, rows, weight.Columns / Step * Step, input, sums);
        IntegerActivations.Scale(input, weight.Columns, sums);
    }

    // Of [4 tokens, 4 rows], two rows are written.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Pair(in WeightMatrix weight, int first, int second, float* input, float* sums)
    {
        sbyte* row0 = (sbyte*)weight.Row(first);
        sbyte* row1 = (sbyte*)weight.Row(second);
        nint columns = weight.Columns;
        nint whole = columns / Step * Step;
        byte* later = (byte*)row0 + LaterWeights.Distance(columns);
        short* token0 = (short*)input;
        short* token1 = (short*)(input + columns);
        short* token2 = (short*)(input + (2 * columns));
        short* token3 = (short*)(input + (3 * columns));
        Vector256<int> s00 = Vector256<int>.Zero,
            s01 = Vector256<int>.Zero;
        Vector256<int> s10 = Vector256<int>.Zero,
            s11 = Vector256<int>.Zero;
        Vector256<int> s20 = Vector256<int>.Zero,
            s21 = Vector256<int>.Zero;
        Vector256<int> s30 = Vector256<int>.Zero,
            s31 = Vector256<int>.Zero;
        for (nint column = 0; column < whole; column += Step)
        {
            LaterWeights.Prefetch(later + (2 * column));
            Vector256<short> codes0 = Avx2.ConvertToVector256Int16(row0 + column);
            Vector256<short> codes1 = Avx2.ConvertToVector256Int16(row1 + column);
            Vector256<short> activations = Vector256.Load(token0 + column);
            s00 += Avx2.MultiplyAddAdjacent(codes0, activations);
            s01 += Avx2.MultiplyAddAdjacent(codes1, activations);
            activations = Vector256.Load(token1 + column);
            s10 += Avx2.MultiplyAddAdjacent(codes0, activations);
            s11 += Avx2.MultiplyAddAdjacent(codes1, activations);
            activations = Vector256.Load(token2 + column);
            s20 += Avx2.MultiplyAddAdjacent(codes0, activations);
            s21 += Avx2.MultiplyAddAdjacent(codes1, activations);
            activations = Vector256.Load(token3 + column);
            s30 += Avx2.MultiplyAddAdjacent(codes0, activations);
            s31 += Avx2.MultiplyAddAdjacent(codes1, activations);
        }
        // The eight parts of a sum are below 2^31 each, their sum need not be.
        sums[0] = Vector256.Sum(Avx.ConvertToVector256Single(s00));
        sums[1] = Vector256.Sum(Avx.ConvertToVector256Single(s01));
        sums[4] = Vector256.Sum(Avx.ConvertToVector256Single(s10));
        sums[5] = Vector256.Sum(Avx.ConvertToVector256Single(s11));
        sums[8] = Vector256.Sum(Avx.ConvertToVector256Single(s20));
        sums[9] = Vector256.Sum(Avx.ConvertToVector256Single(s21));
        sums[12] = Vector256.Sum(Avx.ConvertToVector256Single(s30));
        sums[13] = Vector256.Sum(Avx.ConvertToVector256Single(s31));
    }
}
