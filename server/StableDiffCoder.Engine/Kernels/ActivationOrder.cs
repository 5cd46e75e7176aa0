using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>The order of activations in front of a weight.</summary>
internal static unsafe class ActivationOrder
{
    /// <summary>Copies activations and puts zeros behind the last token up to a multiple of four.</summary>
    /// <param name="input">[tokens, columns].</param>
    /// <param name="tokens">Number of tokens.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="prepared">[tokens rounded up, columns].</param>
    /// <param name="block">
    /// Within each whole block of so many columns the even ones come before the odd ones, as elements of two bytes are met; 0 keeps the order.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Prepare(float* input, int tokens, int columns, float* prepared, int block)
    {
        int padded = (tokens + ILinearKernel.TokenTile - 1) / ILinearKernel.TokenTile * ILinearKernel.TokenTile;
        for (int token = 0; token < tokens; token++)
        {
            var from = new ReadOnlySpan<float>(input + ((long)token * columns), columns);
            var to = new Span<float>(prepared + ((long)token * columns), columns);
            if (block == 0)
            {
                from.CopyTo(to);
            }
            else
            {
                EvenThenOdd(from, to, block);
            }
        }
        new Span<float>(prepared + ((long)tokens * columns), (padded - tokens) * columns).Clear();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void EvenThenOdd(ReadOnlySpan<float> from, Span<float> to, int block)
    {
        int half = block / 2;
        int start = 0;
        for (; start + block <= from.Length; start += block)
        {
            ReadOnlySpan<float> source = from.Slice(start, block);
            Span<float> even = to.Slice(start, half);
            Span<float> odd = to.Slice(start + half, half);
            for (int i = 0; i < half; i += Vector256<float>.Count)
            {
                // As 64-bit elements: the lower halves are the even columns, the upper ones the odd.
                Vector256<ulong> low = Vector256.Create(source.Slice(2 * i, 8)).AsUInt64();
                Vector256<ulong> high = Vector256.Create(source.Slice((2 * i) + 8, 8)).AsUInt64();
                Vector256.Narrow(low, high).AsSingle().CopyTo(even[i..]);
                Vector256.Narrow(low >>> 32, high >>> 32).AsSingle().CopyTo(odd[i..]);
            }
        }
        from[start..].CopyTo(to[start..]);
    }
}
