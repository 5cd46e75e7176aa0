using StableDiffCoder.Engine.Model;

namespace StableDiffCoder.Engine.Diffusion;

/// <summary>
/// The released sampler (<c>generate_block</c>), token for token and forward for forward: blocks are denoised one after another, each
/// finished block is committed to the KV cache by one more forward. Every faster sampler is compared with this one.
/// </summary>
/// <param name="model">The model; block-causal attention is used whatever its config says.</param>
/// <param name="special">Ids with a meaning.</param>
public sealed class BlockDiffusionSampler(DiffusionTransformer model, SpecialIds special) : BlockSampler(model, special)
{
    /// <inheritdoc/>
    private protected override Generation Run(GenerationRun run, ReadOnlySpan<int> prompt)
    {
        if (run.Prefill(prompt, piece: prompt.Length, leave: 0) is null)
        {
            return run.Finish(GenerationStop.Deadline);
        }
        ReadOnlySpan<int> tail = prompt[run.WholeBlocks(prompt)..];
        foreach (DiffusionBlock block in run.Blocks(prompt))
        {
            BlockCanvas canvas = run.Open(block, tail);
            tail = [];
            while (!canvas.IsFinished)
            {
                if (run.IsOutOfTime)
                {
                    return run.FinishWithout(canvas);
                }
                run.Reveal(canvas, run.Propose([], canvas));
                run.Report();
                // An eos decides when its block is finished, as in the released code.
                if (!canvas.IsFinished && run.StopByCondition(canvas) is GenerationStop condition)
                {
                    return run.Finish(condition);
                }
            }
            if (run.StopAfter(canvas) is GenerationStop stop)
            {
                return run.Finish(stop);
            }
            if (run.IsOutOfTime)
            {
                return run.Finish(run.IsFull ? GenerationStop.Length : GenerationStop.Deadline);
            }
            run.Commit(canvas.Ids);
        }
        return run.Finish(GenerationStop.Length);
    }
}
