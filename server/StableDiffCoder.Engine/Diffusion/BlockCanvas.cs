namespace StableDiffCoder.Engine.Diffusion;

/// <summary>One block in work: which of its tokens are known, which are masked.</summary>
internal sealed class BlockCanvas
{
    /// <summary>A block whose new tokens are all masked.</summary>
    /// <param name="block">Where it is.</param>
    /// <param name="promptTail">The prompt's tokens at its start.</param>
    /// <param name="mask">The mask's id.</param>
    public BlockCanvas(DiffusionBlock block, ReadOnlySpan<int> promptTail, int mask)
    {
        Block = block;
        Ids = [.. promptTail, .. Enumerable.Repeat(mask, block.NewTokens)];
        Confidences = new double[block.Length];
        Masked = [.. Enumerable.Range(block.PromptTokens, block.NewTokens)];
    }

    private BlockCanvas(BlockCanvas original)
    {
        Block = original.Block;
        Ids = [.. original.Ids];
        Confidences = [.. original.Confidences];
        Masked = [.. original.Masked];
        Step = original.Step;
    }

    /// <summary>Where it is.</summary>
    public DiffusionBlock Block { get; }

    /// <summary>All its ids, the mask's where masked.</summary>
    public int[] Ids { get; }

    /// <summary>Per token its probability when it was revealed; 0 where masked and in the prompt.</summary>
    public double[] Confidences { get; }

    /// <summary>Masked places, counted from the block's start, in order.</summary>
    public List<int> Masked { get; }

    /// <summary>Denoising steps done.</summary>
    public int Step { get; private set; }

    /// <summary>No mask is left.</summary>
    public bool IsFinished => Masked.Count == 0;

    /// <summary>New tokens before the first mask.</summary>
    public int LeadingTokens => (IsFinished ? Ids.Length : Masked[0]) - Block.PromptTokens;

    /// <summary>Place of the first new token with an id, −1 when there is none before the first mask.</summary>
    public int FirstLeading(int id) => Array.IndexOf(Ids, id, Block.PromptTokens, LeadingTokens);

    /// <summary>The same canvas, to try something out on.</summary>
    public BlockCanvas Copy() => new(this);

    /// <summary>Reveals proposals and counts a step.</summary>
    /// <param name="chosen">Indices into <see cref="Masked"/>.</param>
    /// <param name="proposals">One per masked place.</param>
    /// <returns>The proposals of the places that stay masked.</returns>
    public TokenProposal[] Reveal(IReadOnlyList<int> chosen, TokenProposal[] proposals)
    {
        foreach (int index in chosen.OrderDescending())
        {
            Ids[Masked[index]] = proposals[index].Id;
            Confidences[Masked[index]] = proposals[index].Confidence;
            Masked.RemoveAt(index);
        }
        Step++;
        return [.. proposals.Where((_, index) => !chosen.Contains(index))];
    }

    /// <summary>Makes every token from a place on an end-of-sentence.</summary>
    public void FillFrom(int place, int eos)
    {
        for (int i = place; i < Ids.Length; i++)
        {
            Confidences[i] = Ids[i] == eos ? Confidences[i] : 1;
            Ids[i] = eos;
        }
        Masked.Clear();
    }
}
