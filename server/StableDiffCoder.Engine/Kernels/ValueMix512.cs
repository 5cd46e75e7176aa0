using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>Weighted sums of values for four queries at a time.</summary>
internal static unsafe class ValueMix512
{
    /// <summary>As in <see cref="ILinearKernel.Mix"/>.</summary>
    public static void Run<TFormat>(in WeightMatrix values, float* shares, int shareStride, int queries, float* result, int resultStride)
        where TFormat : struct, IFormat512
    {
        float* sums = stackalloc float[4 * Vector512Kernel.Block];
        int blocks = values.Columns / Vector512Kernel.Block;
        for (int query = 0; query < queries; query += 4)
        {
            float* weights = shares + ((long)query * shareStride);
            float* output = result + ((long)query * resultStride);
            int count = Math.Min(4, queries - query);
            for (int block = 0; block < blocks; block++)
            {
                Block<TFormat>(values, weights, shareStride, block, sums);
                for (int q = 0; q < count; q++)
                {
                    Place<TFormat>(sums + (q * Vector512Kernel.Block), output + ((long)q * resultStride) + (block * Vector512Kernel.Block));
                }
            }
            Tail(values, weights, shareStride, count, output, resultStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Block<TFormat>(in WeightMatrix values, float* shares, nint stride, nint block, float* sums)
        where TFormat : struct, IFormat512
    {
        byte* row = values.Data;
        nint rowBytes = (nint)values.RowBytes;
        nint rows = values.Rows;
        Vector512<float> first0 = Vector512<float>.Zero,
            second0 = Vector512<float>.Zero;
        Vector512<float> first1 = Vector512<float>.Zero,
            second1 = Vector512<float>.Zero;
        Vector512<float> first2 = Vector512<float>.Zero,
            second2 = Vector512<float>.Zero;
        Vector512<float> first3 = Vector512<float>.Zero,
            second3 = Vector512<float>.Zero;
        for (nint position = 0; position < rows; position++, row += rowBytes)
        {
            TFormat.Load(row, null, block, out Vector512<float> even, out Vector512<float> odd);
            Vector512<float> share0 = Vector512.Create(shares[position]);
            first0 = Vector512.MultiplyAddEstimate(even, share0, first0);
            second0 = Vector512.MultiplyAddEstimate(odd, share0, second0);
            Vector512<float> share1 = Vector512.Create(shares[stride + position]);
            first1 = Vector512.MultiplyAddEstimate(even, share1, first1);
            second1 = Vector512.MultiplyAddEstimate(odd, share1, second1);
            Vector512<float> share2 = Vector512.Create(shares[(2 * stride) + position]);
            first2 = Vector512.MultiplyAddEstimate(even, share2, first2);
            second2 = Vector512.MultiplyAddEstimate(odd, share2, second2);
            Vector512<float> share3 = Vector512.Create(shares[(3 * stride) + position]);
            first3 = Vector512.MultiplyAddEstimate(even, share3, first3);
            second3 = Vector512.MultiplyAddEstimate(odd, share3, second3);
        }
        first0.Store(sums);
        second0.Store(sums + 16);
        first1.Store(sums + 32);
        second1.Store(sums + 48);
        first2.Store(sums + 64);
        second2.Store(sums + 80);
        first3.Store(sums + 96);
        second3.Store(sums + 112);
    }

    private static void Place<TFormat>(float* sums, float* output)
        where TFormat : struct, IFormat512
    {
        if (!TFormat.Interleaved)
        {
            new ReadOnlySpan<float>(sums, 32).CopyTo(new Span<float>(output, 32));
            return;
        }
        for (int i = 0; i < 16; i++)
        {
            output[2 * i] = sums[i];
            output[(2 * i) + 1] = sums[16 + i];
        }
    }

    private static void Tail(in WeightMatrix values, float* shares, int shareStride, int queries, float* output, int resultStride)
    {
        for (int column = values.Columns / Vector512Kernel.Block * Vector512Kernel.Block; column < values.Columns; column++)
        {
            for (int query = 0; query < queries; query++)
            {
                float sum = 0;
                for (int position = 0; position < values.Rows; position++)
                {
                    sum += shares[((long)query * shareStride) + position] * values.Element(position, column);
                }
                output[((long)query * resultStride) + column] = sum;
            }
        }
    }
}
