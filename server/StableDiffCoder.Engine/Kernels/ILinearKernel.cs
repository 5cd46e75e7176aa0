namespace StableDiffCoder.Engine.Kernels;

/// <summary>
/// Products of a few rows of activations with a weight, straight from the weight's memory. Sums are in float32. Methods are pure functions of
/// their arguments and may run on several threads at once, each on rows of its own.
/// </summary>
public unsafe interface ILinearKernel
{
    /// <summary>Tokens are computed in fours; buffers of activations have room for a multiple of it.</summary>
    public const int TokenTile = 4;

    /// <summary>The instruction set, for reports.</summary>
    public string Name { get; }

    /// <summary>Puts activations into the order in which a format's elements are met, and zeros behind the last token up to a multiple of four.</summary>
    /// <param name="format">Format of the weight.</param>
    /// <param name="input">[tokens, columns], without gaps.</param>
    /// <param name="tokens">Number of tokens.</param>
    /// <param name="columns">Inputs.</param>
    /// <param name="prepared">[tokens rounded up to four, columns].</param>
    public void Prepare(WeightFormat format, float* input, int tokens, int columns, float* prepared);

    /// <summary>result[t, r] = (or, accumulating, +=) Σ_c weight[r, c] · input[t, c] for a range of rows.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="firstRow">First row of the range.</param>
    /// <param name="rowCount">Rows of the range.</param>
    /// <param name="prepared">From <see cref="Prepare"/> with the weight's format.</param>
    /// <param name="tokens">Number of tokens.</param>
    /// <param name="result">Row 0 of token 0; only the range is written.</param>
    /// <param name="resultStride">Elements from one token to the next.</param>
    /// <param name="accumulate">Add to what is there.</param>
    public void Multiply(
        in WeightMatrix weight,
        int firstRow,
        int rowCount,
        float* prepared,
        int tokens,
        float* result,
        int resultStride,
        bool accumulate
    );

    /// <summary>result[q, c] = Σ_s shares[q, s] · values[s, c].</summary>
    /// <param name="values">[positions, width], float32 or bfloat16.</param>
    /// <param name="shares">[queries, positions]; rows <paramref name="shareStride"/> apart, with room for queries rounded up to four.</param>
    /// <param name="shareStride">Elements from one query to the next.</param>
    /// <param name="queries">Number of queries.</param>
    /// <param name="result">[queries, width]; rows <paramref name="resultStride"/> apart.</param>
    /// <param name="resultStride">Elements from one query to the next.</param>
    public void Mix(in WeightMatrix values, float* shares, int shareStride, int queries, float* result, int resultStride);
}
