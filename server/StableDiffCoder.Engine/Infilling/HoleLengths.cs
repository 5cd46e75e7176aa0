using StableDiffCoder.Engine.Diffusion;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>Says how long the holes of a canvas are: one that is denoised in place has its length before it has its text.</summary>
internal interface IHoleLengths
{
    /// <summary>Chooses.</summary>
    /// <param name="task">The request.</param>
    /// <param name="canvas">Every hole as long as its budget.</param>
    /// <param name="forwards">Counted up, and reported, for each forward.</param>
    /// <returns>A length for each hole, from 1 to the budget.</returns>
    int[] Choose(InfillTask task, Canvas canvas, ref int forwards);
}

/// <summary>Lengths worth trying.</summary>
internal static class HoleLengths
{
    /// <summary>1, 2, 3, 4, 6, 8, 12, 16, … up to the budget, and the budget itself.</summary>
    internal static IReadOnlyList<int> Candidates(int maxNewTokens)
    {
        var lengths = new SortedSet<int> { maxNewTokens };
        for (int power = 1; power < maxNewTokens; power *= 2)
        {
            lengths.Add(power);
            if (power >= 2 && power / 2 * 3 < maxNewTokens)
            {
                lengths.Add(power / 2 * 3);
            }
        }
        return [.. lengths];
    }
}

/// <summary>
/// For any bidirectional model: the candidate length whose first step is the most confident. One forward a candidate, in which every hole has
/// that length; each hole takes its own best, the shorter one when equal.
/// </summary>
internal sealed class ConfidentHoleLengths(LoadedModel model) : IHoleLengths
{
    private readonly CanvasSampler sampler = new(model.Transformer, model.SpecialIds);

    /// <inheritdoc/>
    public int[] Choose(InfillTask task, Canvas canvas, ref int forwards)
    {
        var best = new int[canvas.HoleLengths.Count];
        var confidence = new double[best.Length];
        Array.Fill(best, 1);
        Array.Fill(confidence, double.NegativeInfinity);
        foreach (int length in HoleLengths.Candidates(canvas.HoleLengths.Max()))
        {
            if (task.IsOutOfTime)
            {
                break;
            }
            Canvas candidate = canvas with { HoleLengths = [.. Enumerable.Repeat(length, best.Length)] };
            int[] ids = candidate.ToIds(model.SpecialIds.Mask);
            IReadOnlyList<double> means = sampler.FirstStepConfidence(ids, candidate.Holes, task.CancellationToken);
            task.Progress?.Report(++forwards);
            for (int i = 0; i < best.Length; i++)
            {
                if (means[i] > confidence[i])
                {
                    (best[i], confidence[i]) = (length, means[i]);
                }
            }
        }
        return best;
    }
}

/// <summary>
/// For a model that learned to fill with eos what a text leaves of its hole (<c>length_filler</c>): a hole is an upper bound of its text. Every
/// hole starts with the budget and shrinks to where the model is sure of the filler, with room for one eos, while that makes it shorter.
/// </summary>
internal sealed class FillerHoleLengths(LoadedModel model) : IHoleLengths
{
    private const double Sure = 0.9;
    private const int MostForwards = 3;

    private readonly CanvasSampler sampler = new(model.Transformer, model.SpecialIds);

    /// <inheritdoc/>
    public int[] Choose(InfillTask task, Canvas canvas, ref int forwards)
    {
        IReadOnlyList<int> candidates = HoleLengths.Candidates(canvas.HoleLengths.Max());
        int[] lengths = [.. canvas.HoleLengths];
        for (int forward = 0; forward < MostForwards && !task.IsOutOfTime; forward++)
        {
            Canvas present = canvas with { HoleLengths = lengths };
            int[] ids = present.ToIds(model.SpecialIds.Mask);
            IReadOnlyList<int> ends = sampler.FirstStepEnds(ids, present.Holes, Sure, task.CancellationToken);
            task.Progress?.Report(++forwards);
            int[] shrunk = [.. lengths.Zip(ends, (length, end) => Math.Min(length, candidates.FirstOrDefault(next => next > end, length)))];
            if (shrunk.SequenceEqual(lengths))
            {
                break;
            }
            lengths = shrunk;
        }
        return lengths;
    }
}
