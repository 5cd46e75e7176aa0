namespace StableDiffCoder.Engine.Model;

/// <summary>Cosines and sines of rotary positions in float32, kept for all positions up to the furthest that was asked for.</summary>
/// <param name="headDimension">Dh, even.</param>
/// <param name="theta">Base of the frequencies.</param>
internal sealed class RotaryTable(int headDimension, double theta)
{
    private const int GrowthStep = 512;

    private readonly int half = headDimension / 2;
    private float[] cosines = []; // [P, Dh/2]
    private float[] sines = [];

    /// <summary>The rows of a position, [Dh/2] each.</summary>
    public void At(int position, out ReadOnlySpan<float> cosine, out ReadOnlySpan<float> sine)
    {
        if ((position + 1L) * half > cosines.Length)
        {
            Grow((position / GrowthStep + 1) * GrowthStep);
        }
        cosine = cosines.AsSpan(position * half, half);
        sine = sines.AsSpan(position * half, half);
    }

    private void Grow(int positions)
    {
        int first = half == 0 ? 0 : cosines.Length / half;
        Array.Resize(ref cosines, positions * half);
        Array.Resize(ref sines, positions * half);
        for (int position = first; position < positions; position++)
        {
            for (int i = 0; i < half; i++)
            {
                // In float32, as the torch path and the released code have it.
                float angle = position * (float)Math.Pow(theta, -2.0 * i / headDimension);
                cosines[(position * half) + i] = MathF.Cos(angle);
                sines[(position * half) + i] = MathF.Sin(angle);
            }
        }
    }
}
