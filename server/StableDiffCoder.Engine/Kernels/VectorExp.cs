using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>
/// e to the power of eight numbers, to 2 units in the last place. It is made of single instructions, so that it is fast from the first call on: the
/// library's own is a chain of methods that stay slow until the runtime compiles them for the second time.
/// </summary>
internal static class VectorExp
{
    /// <summary>e to less than this is not a normal number; such numbers take the CPU many times as long wherever they are met.</summary>
    public const float Least = -87;

    private const float Most = 88;

    /// <summary>e^x for x in [−87, 88]; what is outside counts as the nearer end.</summary>
    /// <remarks>x = n·ln 2 + r with |r| ≤ ln 2 / 2; e^r by the polynomial of Cephes' expf, and n goes into the exponent.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x)
    {
        x = Vector256.Min(Vector256.Max(x, Vector256.Create(Least)), Vector256.Create(Most));
        Vector256<int> n = Vector256.ConvertToInt32(Vector256.Round(x * 1.44269504f));
        Vector256<float> whole = Vector256.ConvertToSingle(n);
        // ln 2 in two parts: the first has so few bits that its product is exact.
        Vector256<float> r = x - (whole * 0.693359375f) + (whole * 2.12194440e-4f);
        Vector256<float> sum = Vector256.Create(1.9875691500e-4f);
        sum = (sum * r) + Vector256.Create(1.3981999507e-3f);
        sum = (sum * r) + Vector256.Create(8.3334519073e-3f);
        sum = (sum * r) + Vector256.Create(4.1665795894e-2f);
        sum = (sum * r) + Vector256.Create(1.6666665459e-1f);
        sum = (sum * r) + Vector256.Create(5.0000001201e-1f);
        sum = (sum * r * r) + r + Vector256<float>.One;
        return sum * ((n + Vector256.Create(127)) << 23).AsSingle();
    }
}
