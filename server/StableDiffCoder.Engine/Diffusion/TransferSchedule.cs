namespace StableDiffCoder.Engine.Diffusion;

/// <summary>How many masked tokens each step of a block reveals: m // S each, and one more in the first m % S steps.</summary>
public static class TransferSchedule
{
    /// <summary>Tokens to reveal, one entry a step; a step with 0 runs no forward.</summary>
    /// <param name="masked">Masked tokens of the block, m.</param>
    /// <param name="steps">Steps of a block, S.</param>
    public static int[] Spread(int masked, int steps)
    {
        var counts = new int[steps];
        for (int step = 0; step < steps; step++)
        {
            counts[step] = masked / steps + (step < masked % steps ? 1 : 0);
        }
        return counts;
    }
}
