namespace StableDiffCoder.Engine.Tests.Reference;

/// <summary>Softmax and its relatives in float64; −∞ is a probability of 0.</summary>
public static class ReferenceSoftmax
{
    public static double[] Of(IReadOnlyList<double> logits)
    {
        double most = logits.Max();
        double[] exponentials = [.. logits.Select(logit => Math.Exp(logit - most))];
        double sum = exponentials.Sum();
        return [.. exponentials.Select(value => value / sum)];
    }

    /// <summary>Natural logarithm of the probability of <paramref name="id"/>.</summary>
    public static double LogProbability(IReadOnlyList<double> logits, int id)
    {
        double most = logits.Max();
        return logits[id] - most - Math.Log(logits.Sum(logit => Math.Exp(logit - most)));
    }

    /// <summary>Index of the largest; of several, the lowest.</summary>
    public static int ArgMax(IReadOnlyList<double> values)
    {
        var best = 0;
        for (var i = 1; i < values.Count; i++)
        {
            if (values[i] > values[best])
            {
                best = i;
            }
        }
        return best;
    }
}
