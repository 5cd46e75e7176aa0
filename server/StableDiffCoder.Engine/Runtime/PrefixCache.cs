using StableDiffCoder.Engine.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Runtime;

/// <summary>
/// Keys and values of prompts, kept between requests: a prompt that starts like an earlier one is computed only from where it differs. One
/// buffer stays with the request at work and is merely cut back for the next keystroke of the same document; a <see cref="PrefixTree"/> holds
/// what other documents and earlier versions share. Used by one thread, one lease at a time.
/// </summary>
public sealed class PrefixCache : IDisposable
{
    private readonly int blockLength;
    private readonly DiffusionTransformer model;
    private readonly long budget;
    private KvCache working;
    private PrefixTree tree;
    private int[] workingIds = []; // whose keys and values the working buffer starts with
    private bool leased;
    private volatile PrefixCacheStatistics statistics = new();

    /// <summary>An empty cache for a model under block-causal attention.</summary>
    /// <param name="model">The model whose keys and values they are.</param>
    /// <param name="blockLength">B; keys and values depend on it.</param>
    /// <param name="options">Validated here.</param>
    public PrefixCache(DiffusionTransformer model, int blockLength, PrefixCacheOptions options)
    {
        options.Validate();
        this.blockLength = blockLength;
        this.model = model;
        budget = options.BudgetBytes;
        working = model.NewCache(0);
        tree = new PrefixTree(blockLength, working.BytesPerToken, budget);
    }

    /// <summary>Gives up all that is kept, when memory is needed more.</summary>
    /// <exception cref="InvalidOperationException">A lease is not disposed of.</exception>
    public void Clear()
    {
        if (leased)
        {
            throw new InvalidOperationException("the prefix cache is in use; dispose of the last lease first");
        }
        Dispose();
        workingIds = [];
        working = model.NewCache(0);
        tree = new PrefixTree(blockLength, working.BytesPerToken, budget);
        statistics = statistics with { HeldTokens = 0, HeldBytes = 0 };
    }

    /// <summary>Counts so far; may be read from any thread.</summary>
    public PrefixCacheStatistics Statistics => statistics;

    /// <summary>Prepares a buffer that starts with what is known of a prompt.</summary>
    /// <param name="prompt">Its ids.</param>
    /// <returns>To be disposed of when the request is over, however it ended: what was finished of the prompt is then kept.</returns>
    /// <exception cref="InvalidOperationException">The last lease is not disposed of.</exception>
    public PrefixLease Rent(ReadOnlySpan<int> prompt)
    {
        if (leased)
        {
            throw new InvalidOperationException("the prefix cache is in use; dispose of the last lease first");
        }
        using var inference = inference_mode(true);
        int wholeBlocks = prompt.Length / blockLength * blockLength;
        ReadOnlySpan<int> blocks = prompt[..wholeBlocks];
        try
        {
            int kept = workingIds.AsSpan().CommonPrefixLength(blocks) / blockLength * blockLength;
            working.Truncate(kept);
            working.Reserve(prompt.Length);
            AppendFromTree(blocks);
        }
        catch
        {
            working.Truncate(0);
            workingIds = [];
            throw;
        }
        leased = true;
        workingIds = blocks.ToArray();
        int reused = working.Length;
        Count(prompt.Length, reused);
        return new PrefixLease(this, working, reused);
    }

    /// <summary>Frees all.</summary>
    public void Dispose()
    {
        working.Dispose();
        tree.Dispose();
    }

    // Whatever the request did, the working buffer holds finished positions only; those of the prompt are kept.
    internal void Return()
    {
        leased = false;
        using var inference = inference_mode(true);
        working.Truncate(Math.Min(working.Length, workingIds.Length));
        workingIds = workingIds[..working.Length];
        tree.Insert(workingIds, working.Copy);
        statistics = statistics with
        {
            HeldTokens = tree.Tokens,
            HeldBytes = tree.Tokens * working.BytesPerToken,
            EvictedTokens = tree.Evicted,
        };
    }

    private void AppendFromTree(ReadOnlySpan<int> blocks)
    {
        int position = 0;
        foreach ((Tensor state, int count) in tree.Match(blocks))
        {
            int from = Math.Max(0, working.Length - position);
            if (from < count)
            {
                working.Append(state, from, count - from);
            }
            position += count;
        }
    }

    private void Count(int promptTokens, int reused) =>
        statistics = statistics with
        {
            Requests = statistics.Requests + 1,
            Hits = statistics.Hits + (reused > 0 ? 1 : 0),
            PromptTokens = statistics.PromptTokens + promptTokens,
            ReusedTokens = statistics.ReusedTokens + reused,
        };
}

/// <summary>A buffer lent by a <see cref="PrefixCache"/> for one request.</summary>
public sealed class PrefixLease : IDisposable
{
    private PrefixCache? owner;

    internal PrefixLease(PrefixCache owner, KvCache cache, int reusedTokens)
    {
        this.owner = owner;
        Cache = cache;
        ReusedTokens = reusedTokens;
    }

    /// <summary>Holds the prompt's known blocks; the request appends to it.</summary>
    public KvCache Cache { get; }

    /// <summary>Tokens of the prompt that need not be computed.</summary>
    public int ReusedTokens { get; }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        owner?.Return();
        owner = null;
    }
}
