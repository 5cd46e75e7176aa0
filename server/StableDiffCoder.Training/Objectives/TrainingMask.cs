using static TorchSharp.torch;

namespace StableDiffCoder.Training.Objectives;

/// <summary>Attention masks of the training layouts, additive (0 or −∞), in the model's type.</summary>
public static class TrainingMask
{
    /// <summary>Plain causal attention, [L, L].</summary>
    public static Tensor Causal(int length, ScalarType dtype, Device device) => Additive(length, length, (i, j) => j <= i, dtype, device);

    /// <summary>
    /// Block diffusion over [noisy ; clean], [2L, 2L] (BD3-LM, Arriola et al. 2025): a noisy token sees its own noisy block and earlier clean
    /// blocks, a clean one the clean blocks up to its own. A block as long as the row needs no clean half: full attention, [L, L].
    /// </summary>
    public static Tensor BlockDiffusion(int length, int blockLength, ScalarType dtype, Device device) =>
        Additive(2 * length, 2 * length, (i, j) => Sees(i, j, length, blockLength), dtype, device);

    /// <summary>Whether row i of the [noisy ; clean] layout sees column j.</summary>
    public static bool Sees(int i, int j, int length, int blockLength)
    {
        bool queryIsNoisy = i < length;
        bool keyIsNoisy = j < length;
        int queryBlock = i % length / blockLength;
        int keyBlock = j % length / blockLength;
        return (queryIsNoisy, keyIsNoisy) switch
        {
            (true, true) => queryBlock == keyBlock,
            (true, false) => keyBlock < queryBlock,
            (false, true) => false,
            (false, false) => keyBlock <= queryBlock,
        };
    }

    private static Tensor Additive(int rows, int columns, Func<int, int, bool> sees, ScalarType dtype, Device device)
    {
        var values = new float[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                values[i * columns + j] = sees(i, j) ? 0 : float.NegativeInfinity;
            }
        }
        using var scope = NewDisposeScope();
        return tensor(values, [rows, columns], device: device).to(dtype).DetachFromDisposeScope();
    }
}
