namespace StableDiffCoder.Engine.Infilling;

/// <summary>What of a generation is worth showing when it had to end early.</summary>
internal static class ConfidentPrefix
{
    /// <summary>Tokens before the first block whose mean confidence is too low.</summary>
    /// <param name="confidences">One per new token.</param>
    /// <param name="first">New tokens of the first block; the others have <paramref name="blockLength"/>.</param>
    /// <param name="blockLength">B.</param>
    /// <param name="least">Least mean confidence.</param>
    public static int Length(IReadOnlyList<double> confidences, int first, int blockLength, double least)
    {
        int kept = 0;
        for (int length = first; kept < confidences.Count; length = blockLength)
        {
            double[] block = [.. confidences.Skip(kept).Take(length)];
            if (block.Average() < least)
            {
                break;
            }
            kept += block.Length;
        }
        return kept;
    }
}
