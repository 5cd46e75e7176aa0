using StableDiffCoder.Engine.Diffusion;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>What the model is given: runs of known tokens with a hole between each and the next.</summary>
internal sealed record Canvas
{
    /// <value>Known ids, one run more than there are holes; runs may be empty.</value>
    public required IReadOnlyList<int[]> Known { get; init; }

    /// <value>Masked tokens of each hole.</value>
    public required IReadOnlyList<int> HoleLengths { get; init; }

    /// <summary>Where the holes are.</summary>
    public IReadOnlyList<CanvasHole> Holes
    {
        get
        {
            var holes = new CanvasHole[HoleLengths.Count];
            int position = 0;
            for (int i = 0; i < holes.Length; i++)
            {
                position += Known[i].Length;
                holes[i] = new CanvasHole(position, HoleLengths[i]);
                position += HoleLengths[i];
            }
            return holes;
        }
    }

    /// <summary>All ids, the mask's in the holes.</summary>
    public int[] ToIds(int mask)
    {
        var ids = new List<int>(Known[0]);
        for (int i = 0; i < HoleLengths.Count; i++)
        {
            ids.AddRange(Enumerable.Repeat(mask, HoleLengths[i]));
            ids.AddRange(Known[i + 1]);
        }
        return [.. ids];
    }
}
