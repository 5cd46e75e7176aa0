using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Objectives;

/// <summary>Which positions of the training layouts see which.</summary>
public static class TrainingMask
{
    /// <summary>Plain causal attention, [L, L].</summary>
    public static AttentionTiles Causal(int length, ScalarType dtype, Device device) => new(length, (i, j) => j <= i, dtype, device);

    /// <summary>
    /// Block diffusion over [noisy ; clean], [2L, 2L] (BD3-LM, Arriola et al. 2025): a noisy token sees its own noisy block and earlier clean
    /// blocks, a clean one the clean blocks up to its own. A block as long as the row needs no clean half: full attention, [L, L].
    /// </summary>
    public static AttentionTiles BlockDiffusion(int length, int blockLength, ScalarType dtype, Device device) =>
        new(2 * length, (i, j) => Sees(i, j, length, blockLength), dtype, device);

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
}
