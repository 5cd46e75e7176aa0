using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Diffusion;

/// <summary>
/// Denoises holes where they stand, with both sides in view (bidirectional checkpoints): every forward sees the whole canvas, and the most
/// confident of all masked positions are revealed, whichever hole they are in. Forbidden ids, ties and noise are as in the released sampler.
/// </summary>
/// <param name="model">The model; full attention is used whatever its config says.</param>
/// <param name="special">Ids with a meaning.</param>
public sealed class CanvasSampler(DiffusionTransformer model, SpecialIds special)
{
    /// <summary>How probable the model finds its own first guesses: high when a hole's length suits its surroundings.</summary>
    /// <param name="canvas">Ids, the mask's in the holes.</param>
    /// <param name="holes">Where the masks are.</param>
    /// <param name="cancellationToken">Checked before the forward.</param>
    /// <returns>Per hole, the mean over its positions of the proposal's probability. One forward.</returns>
    public IReadOnlyList<double> FirstStepConfidence(int[] canvas, IReadOnlyList<CanvasHole> holes, CancellationToken cancellationToken) =>
        [.. FirstStep(canvas, holes, cancellationToken).Select(hole => hole.Average(proposal => proposal.Confidence))];

    /// <summary>Where each hole's text seems to end, for a model that fills the rest of a hole with eos.</summary>
    /// <param name="canvas">Ids, the mask's in the holes.</param>
    /// <param name="holes">Where the masks are.</param>
    /// <param name="sure">Least probability of an eos.</param>
    /// <param name="cancellationToken">Checked before the forward.</param>
    /// <returns>Per hole, its first position with an eos at least that probable; its length when there is none. One forward.</returns>
    public IReadOnlyList<int> FirstStepEnds(
        int[] canvas,
        IReadOnlyList<CanvasHole> holes,
        double sure,
        CancellationToken cancellationToken
    ) =>
        [
            .. FirstStep(canvas, holes, cancellationToken)
                .Select(hole =>
                {
                    int end = Array.FindIndex(hole, proposal => proposal.Id == special.Eos && proposal.Confidence >= sure);
                    return end < 0 ? hole.Length : end;
                }),
        ];

    private TokenProposal[][] FirstStep(int[] canvas, IReadOnlyList<CanvasHole> holes, CancellationToken cancellationToken)
    {
        using var inference = inference_mode(true);
        using var tokens = new TokenSampler(special.Forbidden, temperature: 0, new SplitMixNoise(0), model.Device);
        int[] masked = [.. holes.SelectMany(hole => hole.Positions)];
        TokenProposal[] proposals = Propose(canvas, masked, tokens, cancellationToken);
        int next = 0;
        return [.. holes.Select(hole => proposals[next..(next += hole.Length)])];
    }

    /// <summary>Fills every hole.</summary>
    /// <param name="canvas">Ids, the mask's in the holes; filled in place.</param>
    /// <param name="holes">Where the masks are: at least one position each, in order, apart.</param>
    /// <param name="options">Validated here.</param>
    /// <param name="onStep">Called after each forward; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked before each forward.</param>
    /// <param name="noise">Noise for temperatures above 0; null uses <see cref="SplitMixNoise"/> with the options' seed.</param>
    /// <param name="isOutOfTime">Asked before each forward; true ends the work, and each hole gives its tokens before its first mask.</param>
    /// <returns>One generation per hole. The first eos of a hole fills the rest of it, and no mask is left.</returns>
    /// <exception cref="ArgumentException">An option is out of bounds, or the canvas does not fit the model.</exception>
    public IReadOnlyList<Generation> Denoise(
        int[] canvas,
        IReadOnlyList<CanvasHole> holes,
        CanvasSamplerOptions options,
        Action<CanvasStep>? onStep,
        CancellationToken cancellationToken,
        INoiseSource? noise = null,
        Func<bool>? isOutOfTime = null
    )
    {
        options.Validate(canvas.Length, model.Config.MaxPositionEmbeddings);
        using var inference = inference_mode(true);
        int total = holes.Sum(hole => hole.Length);
        IRemaskingStrategy remasking = RemaskingStrategies.For(options, total);
        using var tokens = new TokenSampler(special.Forbidden, options.Temperature, noise ?? new SplitMixNoise(options.Seed), model.Device)
        {
            MeasuresEntropy = remasking.NeedsEntropy,
            ForbiddenFirst = options.ForbiddenFirst,
        };
        HoleState[] states = [.. holes.Select(hole => new HoleState(hole))];
        int forwards = 0;
        for (int step = 0; states.Any(state => state.Masked.Count > 0); step++)
        {
            if (isOutOfTime?.Invoke() == true)
            {
                break;
            }
            (HoleState State, int Position)[] masked = [.. states.SelectMany(state => state.Masked.Select(position => (state, position)))];
            int[] positions = [.. masked.Select(place => place.Position)];
            int firstRow = Array.IndexOf(positions, holes[0].Start);
            TokenProposal[] proposals = Propose(canvas, positions, tokens, cancellationToken, firstRow);
            forwards++;
            foreach (HoleState state in states.Where(state => state.Masked.Count > 0))
            {
                state.Forwards++;
            }
            foreach (int chosen in remasking.Reveal(proposals, step, total))
            {
                masked[chosen].State.Reveal(canvas, masked[chosen].Position, proposals[chosen], special.Eos);
            }
            onStep?.Invoke(new CanvasStep(canvas, [.. states.Select(state => state.Confidences)], forwards));
        }
        return [.. states.Select(state => state.Finish(canvas, special.Eos))];
    }

    private TokenProposal[] Propose(int[] canvas, int[] masked, TokenSampler tokens, CancellationToken cancellationToken, int firstRow = -1)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        Tensor hidden = model.Forward(canvas, AttentionPattern.Full); // [T, D]
        Tensor rows = tensor(masked.Select(position => (long)position).ToArray(), ScalarType.Int64, device: model.Device);
        return tokens.Propose(model.Logits(hidden.index_select(0, rows)), firstRow);
    }

    private sealed class HoleState(CanvasHole hole)
    {
        public List<int> Masked { get; } = [.. hole.Positions];

        public double[] Confidences { get; } = new double[hole.Length];

        public int Forwards { get; set; }

        public void Reveal(int[] canvas, int position, TokenProposal proposal, int eos)
        {
            // An eos revealed earlier in this same step may have filled the place already.
            if (!Masked.Remove(position))
            {
                return;
            }
            canvas[position] = proposal.Id;
            Confidences[position - hole.Start] = proposal.Confidence;
            if (proposal.Id != eos)
            {
                return;
            }
            for (int later = position + 1; later < hole.Start + hole.Length; later++)
            {
                Confidences[later - hole.Start] = canvas[later] == eos ? Confidences[later - hole.Start] : 1;
                canvas[later] = eos;
            }
            Masked.RemoveAll(place => place > position);
        }

        public Generation Finish(int[] canvas, int eos)
        {
            int length = Masked.Count == 0 ? hole.Length : Masked[0] - hole.Start;
            int[] ids = canvas[hole.Start..(hole.Start + length)];
            GenerationStop stop =
                Masked.Count > 0 ? GenerationStop.Deadline
                : ids.Contains(eos) ? GenerationStop.Eos
                : GenerationStop.Length;
            return new Generation(ids, Confidences[..length], Forwards, stop);
        }
    }
}
