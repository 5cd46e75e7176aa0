namespace StableDiffCoder.Engine.Diffusion;

/// <summary>A run of masked positions inside a canvas.</summary>
/// <param name="Start">Its first position.</param>
/// <param name="Length">Number of positions, at least 1.</param>
public readonly record struct CanvasHole(int Start, int Length)
{
    /// <summary>Its positions, in order.</summary>
    public IEnumerable<int> Positions => Enumerable.Range(Start, Length);
}

/// <summary>The canvas after one denoising step.</summary>
/// <param name="Canvas">All ids; masked tokens have the mask's id.</param>
/// <param name="Confidences">Per hole, the confidence of each position, 0 where masked.</param>
/// <param name="Forwards">Forwards so far.</param>
public readonly record struct CanvasStep(IReadOnlyList<int> Canvas, IReadOnlyList<IReadOnlyList<double>> Confidences, int Forwards);
