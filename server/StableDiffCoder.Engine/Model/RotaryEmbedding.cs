using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Model;

/// <summary>
/// Rotary position embedding by halves (Su et al. 2021, in Llama's Hugging Face form): dimension i is paired with i + Dh/2 and turned by
/// position · θ^(−2i/Dh). The tables are kept for every position the model allows.
/// </summary>
public sealed class RotaryEmbedding : IDisposable
{
    private readonly Tensor cosines; // [P, Dh]
    private readonly Tensor sines; // [P, Dh]

    /// <summary>Builds the tables in float32 and stores them in the model's type.</summary>
    /// <param name="headDimension">Dh, even.</param>
    /// <param name="theta">Base of the frequencies.</param>
    /// <param name="positions">Number of positions, P.</param>
    /// <param name="dtype">Type of the activations.</param>
    /// <param name="device">Where the model is.</param>
    public RotaryEmbedding(int headDimension, double theta, int positions, ScalarType dtype, Device device)
    {
        using var scope = NewDisposeScope();
        float[] frequencies = [.. Enumerable.Range(0, headDimension / 2).Select(i => (float)Math.Pow(theta, -2.0 * i / headDimension))];
        float[] range = [.. Enumerable.Range(0, positions).Select(position => (float)position)];
        Tensor angles = outer(tensor(range), tensor(frequencies)); // [P, Dh/2]
        Tensor doubled = cat([angles, angles], -1); // [P, Dh]
        cosines = doubled.cos().to(dtype).to(device).DetachFromDisposeScope();
        sines = doubled.sin().to(dtype).to(device).DetachFromDisposeScope();
    }

    /// <summary>Rows of the tables for consecutive positions.</summary>
    /// <returns>Cosines and sines, each a view of [T, Dh].</returns>
    public (Tensor Cosines, Tensor Sines) At(int start, int count) => (cosines.narrow(0, start, count), sines.narrow(0, start, count));

    /// <summary>Rows of the tables for positions in any order.</summary>
    /// <param name="positions">[T], int64.</param>
    /// <returns>Cosines and sines, each [T, Dh].</returns>
    public (Tensor Cosines, Tensor Sines) At(Tensor positions) => (cosines.index_select(0, positions), sines.index_select(0, positions));

    /// <summary>Turns queries or keys.</summary>
    /// <param name="input">[B, H, T, Dh].</param>
    /// <param name="rows">Rows of the tables, [T, Dh].</param>
    public static Tensor Rotate(Tensor input, (Tensor Cosines, Tensor Sines) rows)
    {
        using var scope = NewDisposeScope();
        long half = input.shape[^1] / 2;
        Tensor low = input.narrow(-1, 0, half);
        Tensor high = input.narrow(-1, half, half);
        Tensor turned = cat([high.neg(), low], -1);
        return (input * rows.Cosines).AddInPlace(turned.mul_(rows.Sines)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        cosines.Dispose();
        sines.Dispose();
    }
}
