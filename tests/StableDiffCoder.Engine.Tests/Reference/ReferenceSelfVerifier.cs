namespace StableDiffCoder.Engine.Tests.Reference;

/// <summary>
/// Self-verification at block size 1, written down from its rule: whole sequences, no cache, one position verified at a time. Forwards are
/// counted as if everything that can share a forward did.
/// </summary>
/// <param name="logits">Ids and who sees whom → logits of each position.</param>
public sealed class ReferenceSelfVerifier(Func<IReadOnlyList<int>, Func<int, int, bool>, double[][]> logits)
{
    public ReferenceResult Generate(ReferenceRequest request)
    {
        int promptLength = request.Prompt.Count;
        int[] x = [.. request.Prompt, .. Enumerable.Repeat(request.Mask, request.GenLength)];
        var run = new Run(logits, request, x);
        bool drafted = false;
        IReadOnlyList<(int Start, int Length)> blocks = ReferenceSampler.Blocks(promptLength, request.GenLength, request.BlockLength);
        foreach ((int start, int length) in blocks)
        {
            drafted = run.Fill(start, start + length, drafted);
            int eos = Array.IndexOf(x, request.Eos, start, length);
            if (eos >= 0)
            {
                Array.Fill(x, request.Eos, eos, start + length - eos);
                return new ReferenceResult(x[promptLength..(start + length)], run.Forwards, "eos", run.Gap);
            }
        }
        return new ReferenceResult(x[promptLength..], run.Forwards, "length", run.Gap);
    }

    private sealed class Run(Func<IReadOnlyList<int>, Func<int, int, bool>, double[][]> logits, ReferenceRequest request, int[] x)
    {
        public int Forwards { get; private set; }

        public double Gap { get; private set; } = double.PositiveInfinity;

        /// <summary>Fills a block; says whether its last forward has drafted the next one too.</summary>
        public bool Fill(int start, int end, bool drafted)
        {
            int known = start;
            while (known < end)
            {
                Forwards += drafted ? 0 : 1;
                drafted = false;
                double[][] block = logits(x[..end], (query, key) => key / request.BlockLength <= query / request.BlockLength);
                (int Id, double Confidence)[] draft = [.. Enumerable.Range(known, end - known).Select(p => Choose(block[p]))];
                int trusted = 1;
                while (trusted < draft.Length && draft[trusted].Confidence >= request.Threshold)
                {
                    trusted++;
                }
                NoteGap(draft.Skip(1).Select(d => Math.Abs(d.Confidence - (request.Threshold ?? double.PositiveInfinity))));
                draft[..trusted].Select(d => d.Id).ToArray().CopyTo(x, known);
                known += trusted;
                if (x.AsSpan(start, known - start).Contains(request.Eos) || known == end)
                {
                    return false;
                }
                if (Verify(start, ref known, [.. draft.Skip(trusted).Select(d => d.Id)]))
                {
                    return true;
                }
                if (x.AsSpan(start, known - start).Contains(request.Eos))
                {
                    return false;
                }
            }
            return false;
        }

        // Keeps drafted tokens up to the first that the verifier would not have chosen, and the verifier's in its place.
        private bool Verify(int start, ref int known, int[] draft)
        {
            Forwards++;
            int blockStart = start / request.BlockLength * request.BlockLength; // the prompt's tokens in the block included
            foreach (int drafted in draft)
            {
                int position = known;
                double[][] verifier = logits(
                    [.. x[..position], request.Mask],
                    (query, key) => query >= blockStart ? key <= query : key / request.BlockLength <= query / request.BlockLength
                );
                x[known++] = Choose(verifier[position]).Id;
                if (x[position] != drafted)
                {
                    return false;
                }
            }
            return true;
        }

        private (int Id, double Confidence) Choose(double[] row)
        {
            double[] allowed = [.. row.Select((l, id) => request.Forbidden.Contains(id) ? double.NegativeInfinity : l)];
            int id = ReferenceSoftmax.ArgMax(allowed);
            NoteGap([allowed[id] - allowed.Where((_, other) => other != id).Max()]);
            return (id, ReferenceSoftmax.Of(allowed)[id]);
        }

        private void NoteGap(IEnumerable<double> gaps) => Gap = gaps.Append(Gap).Min();
    }
}
