namespace StableDiffCoder.Engine.Infilling;

/// <summary>
/// The fills of several spans that are made one at a time, each in view of the others' present ones. Left to right, a draft knows nothing of what will
/// stand behind it. The most certain draft stays, and every other one of which the model was not sure is made anew, the surer first, unless nothing
/// around it is new.
/// </summary>
internal sealed class SecondLook
{
    /// <summary>Mean probability of a fill's tokens from which it stays as it is.</summary>
    internal const double Certain = 0.95;

    private readonly InfillTask task;
    private readonly InfilledSpan?[] fills;
    private readonly (string Before, string Behind)[] seen;

    /// <summary>Starts without fills.</summary>
    public SecondLook(InfillTask task)
    {
        this.task = task;
        fills = new InfilledSpan?[task.Spans.Count];
        seen = new (string, string)[fills.Length];
    }

    /// <summary>The present fills; there once all are drafted.</summary>
    public IReadOnlyList<InfilledSpan> Fills => fills!;

    /// <summary>The text around a span with the others' present fills; nothing stands in those that have none yet.</summary>
    public (string Before, string Behind) Around(int index)
    {
        string before = string.Concat(Enumerable.Range(0, index).Select(i => task.Between(i) + fills[i]?.Text)) + task.Between(index);
        string behind = string.Concat(
            Enumerable.Range(index + 1, fills.Length - index).Select(i => task.Between(i) + (i < fills.Length ? fills[i]?.Text : ""))
        );
        return (before, behind);
    }

    /// <summary>Takes a span's first fill.</summary>
    public void Draft(int index, InfilledSpan fill)
    {
        seen[index] = Around(index);
        fills[index] = fill;
    }

    /// <summary>Takes a span's second fill, unless it was cut short: then it is no better than the first.</summary>
    public void Replace(int index, InfilledSpan fill)
    {
        InfilledSpan better = fill.Stop == InfillStop.Deadline ? fills[index]! : fill;
        fills[index] = better with { Forwards = fills[index]!.Forwards + fill.Forwards };
    }

    /// <summary>The spans to fill again, in their order; looked at one by one, since a second fill can make another one worth it.</summary>
    public IEnumerable<int> Uncertain()
    {
        int[] order = [.. Enumerable.Range(0, fills.Length).OrderByDescending(i => Certainty(fills[i]!)).ThenBy(i => i)];
        foreach (int index in order.Skip(1).Where(i => Certainty(fills[i]!) < Certain))
        {
            if (Around(index) != seen[index])
            {
                yield return index;
            }
        }
    }

    /// <summary>Mean probability of the tokens of a fill, the one that ended it included; 0 when there are none.</summary>
    internal static double Certainty(InfilledSpan fill) => fill.Choices.Count == 0 ? 0 : fill.Choices.Average(choice => choice.Confidence);
}
