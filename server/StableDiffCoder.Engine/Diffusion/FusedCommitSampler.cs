using StableDiffCoder.Engine.Model;

namespace StableDiffCoder.Engine.Diffusion;

/// <summary>
/// The released sampler's tokens in fewer forwards: the first forward of a block also commits the finished block before it (and the end of
/// the prompt, if not cached), since under block-causal attention the one never looks at the other. A last block is not committed, and a
/// block whose leading tokens end with eos is not denoised further. At most 4 tokens a forward at B = 4, where the released one has 2.
/// </summary>
/// <param name="model">The model; block-causal attention is used whatever its config says.</param>
/// <param name="special">Ids with a meaning.</param>
public sealed class FusedCommitSampler(DiffusionTransformer model, SpecialIds special) : BlockSampler(model, special)
{
    /// <summary>Prompt tokens that a forward computes at most: time and cancellation are looked at between forwards.</summary>
    internal const int PrefillPiece = 512;

    /// <summary>Pieces are whole blocks.</summary>
    internal static int PieceOf(int blockLength) => Math.Max(1, PrefillPiece / blockLength) * blockLength;

    /// <inheritdoc/>
    private protected override Generation Run(GenerationRun run, ReadOnlySpan<int> prompt)
    {
        int piece = PieceOf(run.Options.BlockLength);
        int[]? uncommitted = run.Prefill(prompt, piece, leave: piece);
        if (uncommitted is null)
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
                run.Reveal(canvas, run.Propose(uncommitted, canvas));
                uncommitted = [];
                run.Report();
                if (run.StopWithin(canvas) is GenerationStop early)
                {
                    return run.Finish(early);
                }
            }
            if (run.StopAfter(canvas) is GenerationStop stop)
            {
                return run.Finish(stop);
            }
            uncommitted = canvas.Ids;
        }
        return run.Finish(GenerationStop.Length);
    }
}
