namespace StableDiffCoder.Engine.Diffusion;

/// <summary>One block of the sequence: where it starts, how many prompt tokens it holds, how many new ones.</summary>
/// <param name="Start">Absolute position of its first token, a multiple of B.</param>
/// <param name="PromptTokens">Clean prompt tokens at its start.</param>
/// <param name="NewTokens">Masked tokens behind them.</param>
public readonly record struct DiffusionBlock(int Start, int PromptTokens, int NewTokens)
{
    /// <summary>All its tokens.</summary>
    public int Length => PromptTokens + NewTokens;
}

/// <summary>
/// Cuts a generation into blocks aligned to absolute position. A prompt that ends inside a block has its block completed first, and a short
/// block closes: P = 9, 16 new tokens, B = 4 gives 3, 4, 4, 4, 1 new tokens.
/// </summary>
public static class BlockLayout
{
    /// <summary>The blocks that hold new tokens, in order.</summary>
    public static IEnumerable<DiffusionBlock> Blocks(int promptLength, int genLength, int blockLength)
    {
        int end = promptLength + genLength;
        for (int start = promptLength / blockLength * blockLength; start < end; start += blockLength)
        {
            int prompt = Math.Max(0, promptLength - start);
            yield return new DiffusionBlock(start, prompt, Math.Min(blockLength, end - start) - prompt);
        }
    }
}
