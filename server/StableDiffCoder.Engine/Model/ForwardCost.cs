namespace StableDiffCoder.Engine.Model;

/// <summary>What one forward reads and multiplies.</summary>
/// <param name="Bytes">Bytes of weights.</param>
/// <param name="Weights">Their number: multiplications a token.</param>
public readonly record struct ForwardCost(long Bytes, long Weights)
{
    /// <summary>With one more weight.</summary>
    internal ForwardCost Plus(long bytes, long weights) => new(Bytes + bytes, Weights + weights);
}
