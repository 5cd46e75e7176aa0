namespace StableDiffCoder.Engine.Tests.Reference;

/// <summary>What <see cref="ReferenceSampler"/> is asked.</summary>
public sealed record ReferenceRequest
{
    public required IReadOnlyList<int> Prompt { get; init; }
    public required int GenLength { get; init; }
    public required int Steps { get; init; }
    public int BlockLength { get; init; } = 4;
    public double? Threshold { get; init; }

    /// <summary>Not in the released code: EB-Sampler's rule instead of a threshold.</summary>
    public double? EntropyBound { get; init; }

    /// <summary>From the left instead of by confidence.</summary>
    public bool LeftToRight { get; init; }
    public double Temperature { get; init; }
    public int Mask { get; init; } = CheckpointShape.Mask;
    public int Eos { get; init; } = CheckpointShape.Eos;
    public IReadOnlyCollection<int> Forbidden { get; init; } = [];

    /// <summary>Not in the released code: ids that may not be chosen for the first new token.</summary>
    public IReadOnlyCollection<int> ForbiddenFirst { get; init; } = [];

    /// <summary>Uniform numbers in (0, 1) for temperature: of the n-th denoising forward, a position and an id.</summary>
    public Func<int, int, int, double> Uniform { get; init; } = (_, _, _) => throw new InvalidOperationException("no noise given");
}

/// <summary>What the sampler answers; <see cref="Gap"/> tells how near to a tie its choices were.</summary>
public sealed record ReferenceResult(IReadOnlyList<int> NewIds, int Forwards, string Stop, double Gap);

/// <summary>
/// The released sampler (<c>generate_block</c>), written down from its description. It keeps no cache: each forward recomputes the
/// prefix, which under a block-causal mask gives the same logits.
/// </summary>
/// <param name="forward">Ids from position 0 to the end of a block → logits of each position, attention being block-causal.</param>
public sealed class ReferenceSampler(Func<IReadOnlyList<int>, double[][]> forward)
{
    /// <summary>First position and length of every block to fill: aligned to absolute position, so the first may complete the prompt's.</summary>
    public static IReadOnlyList<(int Start, int Length)> Blocks(int promptLength, int genLength, int blockLength)
    {
        var blocks = new List<(int, int)>();
        int end = promptLength + genLength;
        for (int start = promptLength; start < end; )
        {
            int next = Math.Min(((start / blockLength) + 1) * blockLength, end);
            blocks.Add((start, next - start));
            start = next;
        }
        return blocks;
    }

    public ReferenceResult Generate(ReferenceRequest request)
    {
        int blocksAsked = request.GenLength / request.BlockLength;
        if (request.GenLength % request.BlockLength != 0 || request.Steps % blocksAsked != 0)
        {
            throw new ArgumentException("gen_length and steps must divide", nameof(request));
        }
        int stepsPerBlock = request.Steps / blocksAsked;
        int promptLength = request.Prompt.Count;
        int[] x = [.. request.Prompt, .. Enumerable.Repeat(request.Mask, request.GenLength)];
        var run = new Run(this, request, x);
        foreach ((int start, int length) in Blocks(promptLength, request.GenLength, request.BlockLength))
        {
            run.Denoise(start, start + length, stepsPerBlock);
            int eos = Array.IndexOf(x, request.Eos, start, length);
            if (eos >= 0)
            {
                Array.Fill(x, request.Eos, eos, start + length - eos);
                return new ReferenceResult(x[promptLength..(start + length)], run.Forwards, "eos", run.Gap);
            }
            run.Forwards++; // the commit
        }
        return new ReferenceResult(x[promptLength..], run.Forwards, "length", run.Gap);
    }

    private sealed class Run(ReferenceSampler sampler, ReferenceRequest request, int[] x)
    {
        private int denoisingForwards;

        public int Forwards { get; set; }

        /// <summary>Smallest lead of any choice over the next: of ids in logits, of positions and the threshold in probability.</summary>
        public double Gap { get; private set; } = double.PositiveInfinity;

        public void Denoise(int start, int end, int steps)
        {
            if (request.Threshold is double threshold)
            {
                while (Masked(start, end).Count > 0)
                {
                    Dictionary<int, Candidate> candidates = Predict(start, end);
                    List<int> order = MostConfidentFirst(candidates);
                    int best = request.LeftToRight ? candidates.Keys.Min() : order[0];
                    Reveal(candidates, candidates.Keys.Where(p => p == best || candidates[p].Confidence >= threshold));
                    NoteGap(candidates.Values.Select(c => Math.Abs(c.Confidence - threshold)));
                    if (!request.LeftToRight && order.Count > 1 && candidates[order[1]].Confidence < threshold)
                    {
                        NoteGap([candidates[best].Confidence - candidates[order[1]].Confidence]);
                    }
                }
                return;
            }
            if (request.EntropyBound is double bound)
            {
                DenoiseWithinBound(start, end, bound);
                return;
            }
            int masks = Masked(start, end).Count;
            for (var step = 0; step < steps; step++)
            {
                int count = (masks / steps) + (step < masks % steps ? 1 : 0);
                if (count > 0)
                {
                    Dictionary<int, Candidate> candidates = Predict(start, end);
                    List<int> order = request.LeftToRight ? [.. candidates.Keys.Order()] : MostConfidentFirst(candidates);
                    if (count < order.Count && !request.LeftToRight)
                    {
                        NoteGap([candidates[order[count - 1]].Confidence - candidates[order[count]].Confidence]);
                    }
                    Reveal(candidates, order.Take(count));
                }
            }
        }

        // Of all sets of the k surest, the largest whose entropies sum to at most the bound beyond the largest of them.
        private void DenoiseWithinBound(int start, int end, double bound)
        {
            while (Masked(start, end).Count > 0)
            {
                Dictionary<int, Candidate> candidates = Predict(start, end);
                int[] order = [.. candidates.OrderBy(c => c.Value.Entropy).ThenBy(c => c.Key).Select(c => c.Key)];
                double[] entropies = [.. order.Select(position => candidates[position].Entropy)];
                double Excess(int k) => entropies.Take(k).Sum() - entropies.Take(k).Max();
                int count = Enumerable.Range(1, order.Length).Last(k => Excess(k) <= bound);
                Reveal(candidates, order.Take(count));
                NoteGap(Enumerable.Range(2, order.Length - 1).Select(k => Math.Abs(Excess(k) - bound)));
                NoteGap(entropies.Skip(1).Select((entropy, before) => entropy - entropies[before]));
            }
        }

        private List<int> Masked(int start, int end) => [.. Enumerable.Range(start, end - start).Where(p => x[p] == request.Mask)];

        private static List<int> MostConfidentFirst(Dictionary<int, Candidate> candidates) =>
            [.. candidates.OrderByDescending(c => c.Value.Confidence).ThenBy(c => c.Key).Select(c => c.Key)];

        private void Reveal(Dictionary<int, Candidate> candidates, IEnumerable<int> positions)
        {
            foreach (int position in positions)
            {
                x[position] = candidates[position].Id;
            }
        }

        private Dictionary<int, Candidate> Predict(int start, int end)
        {
            double[][] logits = sampler.Forward(x[..end]);
            Forwards++;
            var candidates = new Dictionary<int, Candidate>();
            foreach (int position in Masked(start, end))
            {
                double[] allowed = [.. logits[position].Select((l, id) => IsForbidden(position, id) ? double.NegativeInfinity : l)];
                double[] scores = request.Temperature > 0 ? Noised(allowed, position) : allowed;
                int id = ReferenceSoftmax.ArgMax(scores);
                double[] probabilities = ReferenceSoftmax.Of(allowed);
                double entropy = -probabilities.Where(p => p > 0).Sum(p => p * Math.Log(p));
                candidates[position] = new Candidate(id, probabilities[id], entropy);
                double second = scores.Where((_, other) => other != id).Max();
                NoteGap([request.Temperature > 0 ? Math.Log(scores[id] / second) : scores[id] - second]);
            }
            denoisingForwards++;
            return candidates;
        }

        private bool IsForbidden(int position, int id) =>
            request.Forbidden.Contains(id) || (position == request.Prompt.Count && request.ForbiddenFirst.Contains(id));

        private double[] Noised(double[] logits, int position) =>
            [
                .. logits.Select(
                    (logit, id) =>
                        Math.Exp(logit) / Math.Pow(-Math.Log(request.Uniform(denoisingForwards, position, id)), request.Temperature)
                ),
            ];

        private void NoteGap(IEnumerable<double> gaps) => Gap = gaps.Append(Gap).Min();
    }

    private readonly record struct Candidate(int Id, double Confidence, double Entropy);

    private double[][] Forward(IReadOnlyList<int> ids) => forward(ids);
}
