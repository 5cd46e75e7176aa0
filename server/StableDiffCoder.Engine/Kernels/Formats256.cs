using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>16 columns at a time, as two vectors of 8.</summary>
internal readonly unsafe struct Float32Format256 : IFormat<Vector256<float>>
{
    public static bool Interleaved => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* row, ushort* scales, nint block, out Vector256<float> first, out Vector256<float> second)
    {
        float* start = (float*)row + (block * 16);
        first = Vector256.Load(start);
        second = Vector256.Load(start + 8);
    }
}

/// <summary>Two bfloat16 in 32 bits: the even column is a shift, the odd one a mask.</summary>
internal readonly unsafe struct BFloat16Format256 : IFormat<Vector256<float>>
{
    public static bool Interleaved => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* row, ushort* scales, nint block, out Vector256<float> first, out Vector256<float> second)
    {
        Vector256<uint> pairs = Vector256.Load((uint*)row + (block * 8));
        first = (pairs << 16).AsSingle();
        second = (pairs & Vector256.Create(0xFFFF0000u)).AsSingle();
    }
}

internal readonly unsafe struct Int8Format256 : IFormat<Vector256<float>>
{
    public static bool Interleaved => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* row, ushort* scales, nint block, out Vector256<float> first, out Vector256<float> second)
    {
        sbyte* start = (sbyte*)row + (block * 16);
        if (Avx2.IsSupported)
        {
            first = Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(start));
            second = Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(start + 8));
            return;
        }
        (Vector128<short> low, Vector128<short> high) = Vector128.Widen(Vector128.Load(start));
        first = Vector256.ConvertToSingle(Widen(low));
        second = Vector256.ConvertToSingle(Widen(high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Widen(Vector128<short> values)
    {
        (Vector128<int> lower, Vector128<int> upper) = Vector128.Widen(values);
        return Vector256.Create(lower, upper);
    }
}

internal readonly unsafe struct Int4Format256 : IFormat<Vector256<float>>
{
    public static bool Interleaved => false;

    // An even block is the low halves of a group's 16 bytes, an odd one the high halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* row, ushort* scales, nint block, out Vector256<float> first, out Vector256<float> second)
    {
        Vector256<float> scale = Vector256.Create(BrainFloat.ToSingle(scales[block >> 1]));
        Vector128<byte> pairs = Vector128.Load(row + ((block >> 1) * 16));
        Vector128<byte> codes = ((block & 1) == 0 ? pairs : pairs >>> 4) & Vector128.Create((byte)15);
        Vector128<sbyte> values = codes.AsSByte() - Vector128.Create((sbyte)8);
        if (Avx2.IsSupported)
        {
            first = Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(values)) * scale;
            second = Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(Sse2.ShiftRightLogical128BitLane(values, 8))) * scale;
            return;
        }
        (Vector128<short> low, Vector128<short> high) = Vector128.Widen(values);
        (Vector128<int> low0, Vector128<int> low1) = Vector128.Widen(low);
        (Vector128<int> high0, Vector128<int> high1) = Vector128.Widen(high);
        first = Vector256.ConvertToSingle(Vector256.Create(low0, low1)) * scale;
        second = Vector256.ConvertToSingle(Vector256.Create(high0, high1)) * scale;
    }
}
