namespace StableDiffCoder.Engine.Kernels;

/// <summary>Plain loops: what the vector kernels are compared with, and the fallback where there are no vectors.</summary>
public sealed unsafe class ScalarKernel : ILinearKernel
{
    /// <inheritdoc/>
    public string Name => "scalar";

    /// <inheritdoc/>
    public void Prepare(WeightFormat format, float* input, int tokens, int columns, float* prepared) =>
        new ReadOnlySpan<float>(input, tokens * columns).CopyTo(new Span<float>(prepared, tokens * columns));

    /// <inheritdoc/>
    public void Multiply(
        in WeightMatrix weight,
        int firstRow,
        int rowCount,
        float* prepared,
        int tokens,
        float* result,
        int resultStride,
        bool accumulate
    )
    {
        for (int row = firstRow; row < firstRow + rowCount; row++)
        {
            for (int token = 0; token < tokens; token++)
            {
                float* input = prepared + ((long)token * weight.Columns);
                float sum = 0;
                for (int column = 0; column < weight.Columns; column++)
                {
                    sum += weight.Element(row, column) * input[column];
                }
                ref float place = ref result[((long)token * resultStride) + row];
                place = accumulate ? place + sum : sum;
            }
        }
    }

    /// <inheritdoc/>
    public void Mix(in WeightMatrix values, float* shares, int shareStride, int queries, float* result, int resultStride)
    {
        for (int query = 0; query < queries; query++)
        {
            float* output = result + ((long)query * resultStride);
            new Span<float>(output, values.Columns).Clear();
            for (int position = 0; position < values.Rows; position++)
            {
                float share = shares[((long)query * shareStride) + position];
                for (int column = 0; column < values.Columns; column++)
                {
                    output[column] += share * values.Element(position, column);
                }
            }
        }
    }
}
