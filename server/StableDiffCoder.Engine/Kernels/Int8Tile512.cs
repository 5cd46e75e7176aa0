using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>
/// 4 rows by 4 tokens of weights in 8 bits, in whole numbers: codes times activations of 16 bits, added up in 32. Half the instructions of
/// widening the codes to float32. <see cref="IntegerActivations"/> chooses the activations so that no sum can overflow.
/// </summary>
internal readonly unsafe struct Int8Tile512 : IProductTile
{
    /// <summary>Columns at a time.</summary>
    internal const int Step = 32;

    /// <summary>The columns that fill no step are done here too.</summary>
    public static int Block => 1;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Run(in WeightMatrix weight, RowTile rows, float* input, float* sums)
    {
        sbyte* row0 = (sbyte*)weight.Row(rows.Row0);
        sbyte* row1 = (sbyte*)weight.Row(rows.Row1);
        sbyte* row2 = (sbyte*)weight.Row(rows.Row2);
        sbyte* row3 = (sbyte*)weight.Row(rows.Row3);
        nint columns = weight.Columns;
        byte* later = (byte*)row0 + LaterWeights.Distance(columns);
        nint whole = columns / Step * Step;
        short* token0 = (short*)input;
        short* token1 = (short*)(input + columns);
        short* token2 = (short*)(input + (2 * columns));
        short* token3 = (short*)(input + (3 * columns));
        Vector512<int> s00 = Vector512<int>.Zero,
            s01 = Vector512<int>.Zero,
            s02 = Vector512<int>.Zero,
            s03 = Vector512<int>.Zero;
        Vector512<int> s10 = Vector512<int>.Zero,
            s11 = Vector512<int>.Zero,
            s12 = Vector512<int>.Zero,
            s13 = Vector512<int>.Zero;
        Vector512<int> s20 = Vector512<int>.Zero,
            s21 = Vector512<int>.Zero,
            s22 = Vector512<int>.Zero,
            s23 = Vector512<int>.Zero;
        Vector512<int> s30 = Vector512<int>.Zero,
            s31 = Vector512<int>.Zero,
            s32 = Vector512<int>.Zero,
            s33 = Vector512<int>.Zero;
        for (nint column = 0; column < whole; column += Step)
        {
            LaterWeights.Prefetch128(later + (4 * column));
            Vector512<short> first = Vector512.Load(token0 + column);
            Vector512<short> second = Vector512.Load(token1 + column);
            Vector512<short> third = Vector512.Load(token2 + column);
            Vector512<short> fourth = Vector512.Load(token3 + column);
            Vector512<short> codes = Avx512BW.ConvertToVector512Int16(Vector256.Load(row0 + column));
            s00 += Avx512BW.MultiplyAddAdjacent(codes, first);
            s10 += Avx512BW.MultiplyAddAdjacent(codes, second);
            s20 += Avx512BW.MultiplyAddAdjacent(codes, third);
            s30 += Avx512BW.MultiplyAddAdjacent(codes, fourth);
            codes = Avx512BW.ConvertToVector512Int16(Vector256.Load(row1 + column));
            s01 += Avx512BW.MultiplyAddAdjacent(codes, first);
            s11 += Avx512BW.MultiplyAddAdjacent(codes, second);
            s21 += Avx512BW.MultiplyAddAdjacent(codes, third);
            s31 += Avx512BW.MultiplyAddAdjacent(codes, fourth);
            codes = Avx512BW.ConvertToVector512Int16(Vector256.Load(row2 + column));
            s02 += Avx512BW.MultiplyAddAdjacent(codes, first);
            s12 += Avx512BW.MultiplyAddAdjacent(codes, second);
            s22 += Avx512BW.MultiplyAddAdjacent(codes, third);
            s32 += Avx512BW.MultiplyAddAdjacent(codes, fourth);
            codes = Avx512BW.ConvertToVector512Int16(Vector256.Load(row3 + column));
            s03 += Avx512BW.MultiplyAddAdjacent(codes, first);
            s13 += Avx512BW.MultiplyAddAdjacent(codes, second);
            s23 += Avx512BW.MultiplyAddAdjacent(codes, third);
            s33 += Avx512BW.MultiplyAddAdjacent(codes, fourth);
        }
        Sum(s00, s01, s02, s03).Store(sums);
        Sum(s10, s11, s12, s13).Store(sums + 4);
        Sum(s20, s21, s22, s23).Store(sums + 8);
        Sum(s30, s31, s32, s33).Store(sums + 12);
        IntegerActivations.AddTail(weight, rows, whole, input, sums);
        IntegerActivations.Scale(input, columns, sums);
    }

    // The sixteen parts of a sum are below 2^31 each, their sum need not be.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Sum(Vector512<int> a, Vector512<int> b, Vector512<int> c, Vector512<int> d) =>
        Tile512.Sum(
            Avx512F.ConvertToVector512Single(a),
            Avx512F.ConvertToVector512Single(b),
            Avx512F.ConvertToVector512Single(c),
            Avx512F.ConvertToVector512Single(d)
        );
}
