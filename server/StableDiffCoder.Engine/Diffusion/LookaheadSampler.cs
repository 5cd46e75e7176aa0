using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Diffusion;

/// <summary>
/// Samplers that take the proposals of one step as a draft of the rest of the block, and check the draft in one forward. If all of it holds,
/// that forward has also committed the block and denoised the first step of the next.
/// </summary>
/// <param name="model">The model; block-causal attention is used whatever its config says.</param>
/// <param name="special">Ids with a meaning.</param>
public abstract class LookaheadSampler(DiffusionTransformer model, SpecialIds special) : BlockSampler(model, special)
{
    /// <inheritdoc/>
    private protected sealed override Generation Run(GenerationRun run, ReadOnlySpan<int> prompt)
    {
        int piece = FusedCommitSampler.PieceOf(run.Options.BlockLength);
        int[]? uncommitted = run.Prefill(prompt, piece, leave: piece);
        if (uncommitted is null)
        {
            return run.Finish(GenerationStop.Deadline);
        }
        var place = new Place(run, run.Blocks(prompt), prompt[run.WholeBlocks(prompt)..], uncommitted);
        while (true)
        {
            if (run.IsOutOfTime)
            {
                return run.FinishWithout(place.Canvas);
            }
            using var scope = NewDisposeScope();
            GenerationStop? stop = place.Draft is null ? Step(run, place) : LookAhead(run, place);
            run.Report();
            if (stop is GenerationStop reason)
            {
                return run.Finish(reason);
            }
        }
    }

    /// <summary>Reveals what one step's proposals allow without a check.</summary>
    /// <returns>The proposals of the places that stay masked.</returns>
    private protected abstract TokenProposal[] Accept(GenerationRun run, BlockCanvas canvas, TokenProposal[] proposals);

    /// <summary>One forward that checks a draft, and reveals what of it holds.</summary>
    /// <param name="run">The generation.</param>
    /// <param name="canvas">The block, at least one place masked.</param>
    /// <param name="draft">One proposal per masked place.</param>
    /// <param name="next">The block behind it; null behind the last.</param>
    private protected abstract Lookahead Check(GenerationRun run, BlockCanvas canvas, TokenProposal[] draft, DiffusionBlock? next);

    /// <summary>What a check found.</summary>
    /// <param name="Hidden">Its forward's states.</param>
    /// <param name="Draft">Proposals of the places still masked; null when there are none to trust.</param>
    /// <param name="NextRow">Where the rows of the next block start, when the draft held and its block is committed.</param>
    private protected readonly record struct Lookahead(Tensor Hidden, TokenProposal[]? Draft, int? NextRow);

    /// <summary>
    /// Adds a finished version of a block, and the next block all masked behind it. They come first, so that the finished one can be committed.
    /// </summary>
    /// <returns>First row of the next block; null when nothing would come of it.</returns>
    private protected static int? AddWhatFollows(ForwardLayout layout, GenerationRun run, BlockCanvas guess, DiffusionBlock? next)
    {
        if (next is not DiffusionBlock block || !guess.IsFinished || guess.FirstLeading(run.Special.Eos) >= 0)
        {
            return null;
        }
        RowRange finished = layout.Add(guess.Ids, guess.Block.Start);
        int[] masks = [.. Enumerable.Repeat(run.Special.Mask, block.NewTokens)];
        return layout.Add(masks, block.Start, sees: finished).First;
    }

    // An ordinary step of the fused sampler.
    private GenerationStop? Step(GenerationRun run, Place place)
    {
        TokenProposal[] proposals = run.Propose(place.Uncommitted, place.Canvas);
        place.Uncommitted = [];
        place.Draft = Accept(run, place.Canvas, proposals);
        return place.Advance() ?? run.StopWithin(place.Canvas);
    }

    private GenerationStop? LookAhead(GenerationRun run, Place place)
    {
        BlockCanvas block = place.Canvas;
        Lookahead ahead = Check(run, block, place.Draft!, place.Next);
        place.Draft = ahead.Draft;
        if (place.Advance() is GenerationStop stop)
        {
            return stop;
        }
        if (ahead.NextRow is int row)
        {
            // The check has committed the block, and place.Canvas is the next one.
            run.CommitFirstRows(block.Ids.Length);
            place.Uncommitted = [];
            place.Draft = Accept(run, place.Canvas, run.ProposeRows(ahead.Hidden, row, place.Canvas.Block, place.Canvas.Masked));
            if (place.Advance() is GenerationStop next)
            {
                return next;
            }
        }
        return run.StopWithin(place.Canvas);
    }

    // Where a generation stands between two forwards.
    private sealed class Place
    {
        private readonly GenerationRun run;
        private readonly DiffusionBlock[] blocks;
        private int index;

        public Place(GenerationRun run, DiffusionBlock[] blocks, ReadOnlySpan<int> promptTail, int[] uncommitted)
        {
            this.run = run;
            this.blocks = blocks;
            Uncommitted = uncommitted;
            Canvas = run.Open(blocks[0], promptTail);
        }

        public BlockCanvas Canvas { get; private set; }

        public DiffusionBlock? Next => index + 1 < blocks.Length ? blocks[index + 1] : null;

        // Finished tokens that the cache lacks.
        public int[] Uncommitted { get; set; }

        public TokenProposal[]? Draft { get; set; }

        // Goes on to the next block when this one is finished.
        public GenerationStop? Advance()
        {
            if (!Canvas.IsFinished)
            {
                return null;
            }
            if (run.StopAfter(Canvas) is GenerationStop stop)
            {
                return stop;
            }
            if (Next is not DiffusionBlock next)
            {
                return GenerationStop.Length;
            }
            Uncommitted = Canvas.Ids;
            Draft = null;
            Canvas = run.Open(next, []);
            index++;
            return null;
        }
    }
}
