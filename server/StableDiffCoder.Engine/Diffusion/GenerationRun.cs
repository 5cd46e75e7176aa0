using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Diffusion;

/// <summary>The state of one generation, and the moves that samplers make.</summary>
internal sealed class GenerationRun(
    DiffusionTransformer model,
    SpecialIds special,
    SamplerOptions options,
    GenerationHooks hooks,
    KvCache cache,
    TokenSampler tokens,
    IRemaskingStrategy remasking,
    CancellationToken cancellationToken
)
{
    private readonly AttentionPattern pattern = AttentionPattern.BlockCausal(options.BlockLength);
    private readonly List<int> newIds = [];
    private readonly List<double> confidences = [];
    private int forwards;
    private int? firstNew; // position of the first new token

    public SpecialIds Special => special;

    public SamplerOptions Options => options;

    public IRemaskingStrategy Remasking => remasking;

    /// <summary>Whether the caller wants what there is; asked before each forward.</summary>
    public bool IsOutOfTime => hooks.IsOutOfTime?.Invoke() == true;

    /// <summary>Whether the last block is opened.</summary>
    public bool IsFull => newIds.Count == options.GenLength;

    /// <summary>Tokens of the prompt's whole blocks.</summary>
    public int WholeBlocks(ReadOnlySpan<int> prompt) => prompt.Length / options.BlockLength * options.BlockLength;

    /// <summary>The blocks that hold new tokens.</summary>
    public DiffusionBlock[] Blocks(ReadOnlySpan<int> prompt) =>
        [.. BlockLayout.Blocks(prompt.Length, options.GenLength, options.BlockLength)];

    /// <summary>Starts a block: all its new tokens masked.</summary>
    public BlockCanvas Open(DiffusionBlock block, ReadOnlySpan<int> promptTail)
    {
        firstNew ??= block.Start + block.PromptTokens;
        var canvas = new BlockCanvas(block, promptTail, special.Mask);
        newIds.AddRange(canvas.Ids[block.PromptTokens..]);
        confidences.AddRange(new double[block.NewTokens]);
        return canvas;
    }

    /// <summary>Computes a part of the prompt, in pieces, until at most <paramref name="leave"/> tokens are left.</summary>
    /// <returns>What is left; null when time ran out.</returns>
    public int[]? Prefill(ReadOnlySpan<int> prompt, int piece, int leave)
    {
        int end = WholeBlocks(prompt);
        while (end - cache.Length > leave)
        {
            if (IsOutOfTime)
            {
                return null;
            }
            int count = Math.Min(piece, end - cache.Length);
            cancellationToken.ThrowIfCancellationRequested();
            model.Forward(prompt.Slice(cache.Length, count), pattern, cache).Dispose();
            cache.Commit(count);
        }
        return prompt[cache.Length..end].ToArray();
    }

    /// <summary>One forward over a finished block, which makes it part of the cache.</summary>
    public void Commit(int[] block)
    {
        cancellationToken.ThrowIfCancellationRequested();
        model.Forward(block, pattern, cache).Dispose();
        cache.Commit(block.Length);
        forwards++;
    }

    /// <summary>One forward over finished tokens, which become part of the cache, and the block behind them.</summary>
    /// <returns>One proposal per masked place of the block.</returns>
    public TokenProposal[] Propose(int[] uncommitted, BlockCanvas canvas)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var scope = NewDisposeScope();
        Tensor hidden = model.Forward([.. uncommitted, .. canvas.Ids], pattern, cache); // [U + B, D]
        cache.Commit(uncommitted.Length);
        forwards++;
        return ProposeRows(hidden, uncommitted.Length, canvas.Block, canvas.Masked);
    }

    /// <summary>One forward over rows in a layout of their own; nothing is committed.</summary>
    /// <returns>[T, D], in the caller's scope.</returns>
    public Tensor Forward(ForwardLayout layout)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Tensor hidden = model.Forward(layout, cache);
        forwards++;
        return hidden;
    }

    /// <summary>Keeps the first rows of the last forward.</summary>
    public void CommitFirstRows(int count) => cache.Commit(count);

    /// <summary>Proposals for places of a block, whose rows are <paramref name="first"/> + each of <paramref name="places"/>.</summary>
    public TokenProposal[] ProposeRows(Tensor hidden, int first, DiffusionBlock block, IReadOnlyList<int> places) =>
        ProposeRows(hidden, [.. places.Select(place => first + place)], [.. places.Select(place => block.Start + place)]);

    /// <summary>Proposals for positions of the sequence, each from a row of its own.</summary>
    public TokenProposal[] ProposeRows(Tensor hidden, int[] rowOfEach, int[] positions)
    {
        using var scope = NewDisposeScope();
        Tensor rows = tensor(rowOfEach.Select(row => (long)row).ToArray(), ScalarType.Int64, device: model.Device);
        int firstRow = firstNew is int position ? Array.IndexOf(positions, position) : -1;
        TokenShare?[]? shares = hooks.Prior is null ? null : [.. positions.Select(Share)];
        return tokens.Propose(model.Logits(hidden.index_select(0, rows)), firstRow, shares);
    }

    // A prior speaks of the place behind the last known token alone.
    private TokenShare? Share(int position)
    {
        int known = position - firstNew!.Value;
        return newIds.IndexOf(special.Mask) is int mask && (mask < 0 ? newIds.Count : mask) == known
            ? hooks.Prior!.Next(newIds[..known])
            : null;
    }

    /// <summary>Reveals what the strategy chooses.</summary>
    /// <returns>The proposals of the places that stay masked.</returns>
    public TokenProposal[] Reveal(BlockCanvas canvas, TokenProposal[] proposals) =>
        Reveal(canvas, remasking.Reveal(proposals, canvas.Step, canvas.Block.NewTokens), proposals);

    /// <summary>Reveals chosen proposals.</summary>
    /// <returns>The proposals of the places that stay masked.</returns>
    public TokenProposal[] Reveal(BlockCanvas canvas, IReadOnlyList<int> chosen, TokenProposal[] proposals)
    {
        TokenProposal[] left = canvas.Reveal(chosen, proposals);
        Record(canvas);
        return left;
    }

    /// <summary>Shows the last opened block and all before it.</summary>
    public void Report() => hooks.OnStep?.Invoke(new DenoisingStep(newIds, confidences, forwards));

    /// <summary>Whether the generation ends with a finished block: by an eos in it, which fills the rest, or by the caller's condition.</summary>
    public GenerationStop? StopAfter(BlockCanvas canvas) => EndsAtEos(canvas) ? GenerationStop.Eos : StopByCondition(canvas);

    /// <summary>The same for a block in work, where the tokens before its first mask decide.</summary>
    public GenerationStop? StopWithin(BlockCanvas canvas) => canvas.IsFinished ? null : StopAfter(canvas);

    /// <summary>The caller's condition alone, which ends the new tokens before the first mask.</summary>
    public GenerationStop? StopByCondition(BlockCanvas canvas)
    {
        if (hooks.ShouldStop is null)
        {
            return null;
        }
        int masked = canvas.Block.NewTokens - canvas.LeadingTokens;
        if (!hooks.ShouldStop(masked == 0 ? newIds : newIds[..^masked]))
        {
            return null;
        }
        Drop(masked);
        return GenerationStop.Condition;
    }

    /// <summary>The result.</summary>
    public Generation Finish(GenerationStop stop) => new(newIds, confidences, forwards, stop);

    /// <summary>The result without the block in work, for want of time.</summary>
    public Generation FinishWithout(BlockCanvas canvas)
    {
        Drop(canvas.Block.NewTokens);
        return Finish(GenerationStop.Deadline);
    }

    // The first new eos fills the rest of its block. An eos of the prompt does not count.
    private bool EndsAtEos(BlockCanvas canvas)
    {
        int eos = canvas.FirstLeading(special.Eos);
        if (eos < 0)
        {
            return false;
        }
        canvas.FillFrom(eos, special.Eos);
        Record(canvas);
        return true;
    }

    private void Record(BlockCanvas canvas)
    {
        int first = newIds.Count - canvas.Ids.Length;
        for (int i = canvas.Block.PromptTokens; i < canvas.Ids.Length; i++)
        {
            newIds[first + i] = canvas.Ids[i];
            confidences[first + i] = canvas.Confidences[i];
        }
    }

    private void Drop(int count)
    {
        newIds.RemoveRange(newIds.Count - count, count);
        confidences.RemoveRange(confidences.Count - count, count);
    }
}
