using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Diffusion;

/// <summary>
/// Self-verification at block size 1 (S2D2, Han et al. 2026). One step drafts a block; one forward of the same model, run as if blocks had one
/// token, says for each masked place from the left which token it would have put there behind the draft's earlier ones. Tokens are kept up to
/// the first that differs, which the verifier replaces; the places behind it are drafted anew. The draft's leftmost token is kept unverified, and with a
/// threshold those behind it that reach it, so that every forward keeps a token. Not the released sampler's answer: the verifier sees nothing
/// to the right, and blocks are filled from left to right.
/// </summary>
/// <param name="model">The model; block-causal attention is used whatever its config says.</param>
/// <param name="special">Ids with a meaning.</param>
public sealed class SelfVerifyingSampler(DiffusionTransformer model, SpecialIds special) : LookaheadSampler(model, special)
{
    /// <inheritdoc/>
    private protected override int WorkRows(SamplerOptions options) => 4 * options.BlockLength;

    /// <inheritdoc/>
    private protected override void CheckOptions(SamplerOptions options)
    {
        if (options.EntropyBound is not null)
        {
            throw new ArgumentException("the self-verifying sampler has no use for entropy_bound; leave it out, or take another sampler");
        }
        if (options.StepsPerBlock < options.BlockLength)
        {
            throw new ArgumentException(
                $"the self-verifying sampler decides itself how many tokens a step reveals; leave steps out instead of {options.Steps}"
            );
        }
    }

    /// <inheritdoc/>
    private protected override TokenProposal[] Accept(GenerationRun run, BlockCanvas canvas, TokenProposal[] proposals)
    {
        double threshold = run.Options.Threshold ?? double.PositiveInfinity;
        int trusted = 1 + proposals.Skip(1).TakeWhile(proposal => proposal.Confidence >= threshold).Count();
        return run.Reveal(canvas, [.. Enumerable.Range(0, trusted)], proposals);
    }

    /// <inheritdoc/>
    private protected override Lookahead Check(GenerationRun run, BlockCanvas canvas, TokenProposal[] draft, DiffusionBlock? next)
    {
        BlockCanvas drafted = canvas.Copy();
        drafted.Reveal([.. Enumerable.Range(0, draft.Length)], draft);
        var layout = new ForwardLayout();
        int? nextRow = AddWhatFollows(layout, run, drafted, next);
        int start = canvas.Block.Start;
        RowRange text = layout.Add(drafted.Ids, start, causal: true);
        int[] rows =
        [
            .. canvas.Masked.Select(place => layout.Add([run.Special.Mask], start + place, sees: text with { Count = place }).First),
        ];
        Tensor hidden = run.Forward(layout);
        for (int i = 0; i < draft.Length; i++)
        {
            TokenProposal verified = run.ProposeRows(hidden, [rows[i]], [start + canvas.Masked[0]])[0];
            // Of the places still masked, only the first is looked at.
            run.Reveal(canvas, [0], [verified, .. draft[(i + 1)..]]);
            if (verified.Id != draft[i].Id)
            {
                return new Lookahead(hidden, null, null);
            }
        }
        return new Lookahead(hidden, null, nextRow);
    }
}
