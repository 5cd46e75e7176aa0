using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>What tiles of 4 rows by 4 tokens share, whatever they add up.</summary>
internal static class Tile512
{
    /// <summary>Four horizontal sums at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sum(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d) =>
        Sse3.HorizontalAdd(Sse3.HorizontalAdd(Fold(a), Fold(b)), Sse3.HorizontalAdd(Fold(c), Fold(d)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Fold(Vector512<float> vector)
    {
        Vector256<float> half = vector.GetLower() + vector.GetUpper();
        return half.GetLower() + half.GetUpper();
    }
}
