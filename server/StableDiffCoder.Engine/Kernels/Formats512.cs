using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>A weight format as AVX-512 reads it: 32 columns at a time, as two vectors of 16.</summary>
internal unsafe interface IFormat512 : IFormat<Vector512<float>>
{
    /// <summary>Asks for as many bytes of later rows as four rows have in a block; after a row's last block, four rows have been asked for.</summary>
    /// <param name="tile">The first of four later rows, one behind the other in memory.</param>
    /// <param name="block">The block.</param>
    public static abstract void Prefetch(byte* tile, nint block);
}

internal readonly unsafe struct Float32Format512 : IFormat512
{
    public static bool Interleaved => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* row, ushort* scales, nint block, out Vector512<float> first, out Vector512<float> second)
    {
        float* start = (float*)row + (block * 32);
        first = Vector512.Load(start);
        second = Vector512.Load(start + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* tile, nint block)
    {
        LaterWeights.Prefetch256(tile + (block * 512));
        LaterWeights.Prefetch256(tile + (block * 512) + 256);
    }
}

/// <summary>Two bfloat16 in 32 bits: the even column is a shift, the odd one a mask.</summary>
internal readonly unsafe struct BFloat16Format512 : IFormat512
{
    public static bool Interleaved => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* row, ushort* scales, nint block, out Vector512<float> first, out Vector512<float> second)
    {
        Vector512<uint> pairs = Vector512.Load((uint*)row + (block * 16));
        first = (pairs << 16).AsSingle();
        second = (pairs & Vector512.Create(0xFFFF0000u)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* tile, nint block) => LaterWeights.Prefetch256(tile + (block * 256));
}

internal readonly unsafe struct Int8Format512 : IFormat512
{
    public static bool Interleaved => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* row, ushort* scales, nint block, out Vector512<float> first, out Vector512<float> second)
    {
        sbyte* start = (sbyte*)row + (block * 32);
        first = Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector128.Load(start)));
        second = Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector128.Load(start + 16)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* tile, nint block) => LaterWeights.Prefetch128(tile + (block * 128));
}

/// <summary>Half a byte picks one of 16 scaled values by a permutation, which looks at four bits of its index only.</summary>
internal readonly unsafe struct Int4Format512 : IFormat512
{
    public static bool Interleaved => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* row, ushort* scales, nint block, out Vector512<float> first, out Vector512<float> second)
    {
        Vector512<float> values =
            Vector512.Create(-8f, -7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7) * BrainFloat.ToSingle(scales[block]);
        Vector512<int> pairs = Avx512F.ConvertToVector512Int32(Vector128.Load(row + (block * 16)));
        first = Avx512F.PermuteVar16x32(values, pairs);
        second = Avx512F.PermuteVar16x32(values, pairs >>> 4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(byte* tile, nint block) => LaterWeights.Prefetch(tile + (block * 64));
}
