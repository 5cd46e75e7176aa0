using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Diffusion;

/// <summary>
/// The released sampler's tokens in fewer forwards than <see cref="FusedCommitSampler"/>, paid with wider ones. After a step, the proposals of
/// the places still masked say which canvases the next steps would make; one forward computes all of these side by side. The first is the real
/// one; each later one counts if the step before it really made it. So the strategy sees the logits that it would have seen one by one, at any
/// temperature. Up to B + 2 blocks of rows a forward, and at least the progress of an ordinary step.
/// </summary>
/// <param name="model">The model; block-causal attention is used whatever its config says.</param>
/// <param name="special">Ids with a meaning.</param>
public sealed class SpeculativeSampler(DiffusionTransformer model, SpecialIds special) : LookaheadSampler(model, special)
{
    // Canvases of one block in a forward: enough for the whole of a block of 4; longer blocks are looked into only so far.
    private const int MaximumCanvases = 4;

    /// <inheritdoc/>
    private protected override int WorkRows(SamplerOptions options) => (MaximumCanvases + 2) * options.BlockLength;

    /// <inheritdoc/>
    private protected override TokenProposal[] Accept(GenerationRun run, BlockCanvas canvas, TokenProposal[] proposals) =>
        run.Reveal(canvas, proposals);

    /// <inheritdoc/>
    private protected override Lookahead Check(GenerationRun run, BlockCanvas canvas, TokenProposal[] draft, DiffusionBlock? next)
    {
        List<BlockCanvas> path = Predict(run, canvas, draft);
        BlockCanvas end = path[^1];
        var layout = new ForwardLayout();
        int? nextRow = AddWhatFollows(layout, run, end, next);
        int[] rows = [.. path.Where(step => !step.IsFinished).Select(step => layout.Add(step.Ids, step.Block.Start).First)];
        Tensor hidden = run.Forward(layout);
        TokenProposal[] left;
        int reached = 0;
        do
        {
            left = run.Reveal(canvas, run.ProposeRows(hidden, rows[reached], canvas.Block, canvas.Masked));
            reached++;
        } while (reached < rows.Length && canvas.Ids.AsSpan().SequenceEqual(path[reached].Ids));
        bool held = canvas.IsFinished && canvas.Ids.AsSpan().SequenceEqual(end.Ids);
        return new Lookahead(hidden, left, held ? nextRow : null);
    }

    // The canvas, and what it becomes step by step if the draft is right.
    private static List<BlockCanvas> Predict(GenerationRun run, BlockCanvas canvas, TokenProposal[] draft)
    {
        var path = new List<BlockCanvas> { canvas.Copy() };
        while (!path[^1].IsFinished && path.Count <= MaximumCanvases)
        {
            BlockCanvas guess = path[^1].Copy();
            draft = guess.Reveal(run.Remasking.Reveal(draft, guess.Step, guess.Block.NewTokens), draft);
            path.Add(guess);
        }
        return path;
    }
}
