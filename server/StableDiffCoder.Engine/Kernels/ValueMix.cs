using System.Runtime.CompilerServices;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>Weighted sums of values for four queries at a time.</summary>
/// <typeparam name="TVector">A vector of float32.</typeparam>
/// <typeparam name="TWidth">Its width.</typeparam>
/// <typeparam name="TFormat">How the values are stored.</typeparam>
internal static unsafe class ValueMix<TVector, TWidth, TFormat>
    where TVector : struct
    where TWidth : struct, IVectorWidth<TVector>
    where TFormat : struct, IFormat<TVector>
{
    /// <summary>As in <see cref="ILinearKernel.Mix"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in WeightMatrix values, float* shares, int shareStride, int queries, float* result, int resultStride)
    {
        int width = 2 * TWidth.Lanes;
        float* sums = stackalloc float[4 * width];
        int blocks = values.Columns / width;
        for (int query = 0; query < queries; query += 4)
        {
            float* weights = shares + ((long)query * shareStride);
            float* output = result + ((long)query * resultStride);
            int count = Math.Min(4, queries - query);
            for (int block = 0; block < blocks; block++)
            {
                Block(values, weights, shareStride, block, sums);
                for (int q = 0; q < count; q++)
                {
                    Place(sums + (q * width), output + ((long)q * resultStride) + (block * width));
                }
            }
            Tail(values, blocks * width, weights, shareStride, count, output, resultStride);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Block(in WeightMatrix values, float* shares, nint stride, nint block, float* sums)
    {
        byte* row = values.Data;
        nint rowBytes = (nint)values.RowBytes;
        nint rows = values.Rows;
        TVector first0 = default,
            second0 = default;
        TVector first1 = default,
            second1 = default;
        TVector first2 = default,
            second2 = default;
        TVector first3 = default,
            second3 = default;
        for (nint position = 0; position < rows; position++, row += rowBytes)
        {
            TFormat.Load(row, null, block, out TVector first, out TVector second);
            TVector share0 = TWidth.Create(shares[position]);
            first0 = TWidth.MultiplyAdd(first, share0, first0);
            second0 = TWidth.MultiplyAdd(second, share0, second0);
            TVector share1 = TWidth.Create(shares[stride + position]);
            first1 = TWidth.MultiplyAdd(first, share1, first1);
            second1 = TWidth.MultiplyAdd(second, share1, second1);
            TVector share2 = TWidth.Create(shares[(2 * stride) + position]);
            first2 = TWidth.MultiplyAdd(first, share2, first2);
            second2 = TWidth.MultiplyAdd(second, share2, second2);
            TVector share3 = TWidth.Create(shares[(3 * stride) + position]);
            first3 = TWidth.MultiplyAdd(first, share3, first3);
            second3 = TWidth.MultiplyAdd(second, share3, second3);
        }
        TWidth.Store(first0, sums);
        TWidth.Store(second0, sums + TWidth.Lanes);
        TWidth.Store(first1, sums + (2 * TWidth.Lanes));
        TWidth.Store(second1, sums + (3 * TWidth.Lanes));
        TWidth.Store(first2, sums + (4 * TWidth.Lanes));
        TWidth.Store(second2, sums + (5 * TWidth.Lanes));
        TWidth.Store(first3, sums + (6 * TWidth.Lanes));
        TWidth.Store(second3, sums + (7 * TWidth.Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Place(float* sums, float* output)
    {
        if (!TFormat.Interleaved)
        {
            new ReadOnlySpan<float>(sums, 2 * TWidth.Lanes).CopyTo(new Span<float>(output, 2 * TWidth.Lanes));
            return;
        }
        for (int i = 0; i < TWidth.Lanes; i++)
        {
            output[2 * i] = sums[i];
            output[(2 * i) + 1] = sums[TWidth.Lanes + i];
        }
    }

    private static void Tail(
        in WeightMatrix values,
        int firstColumn,
        float* shares,
        int shareStride,
        int queries,
        float* output,
        int resultStride
    )
    {
        for (int column = firstColumn; column < values.Columns; column++)
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
