using CsCheck;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Engine.Tests.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Tests.Runtime;

public sealed class PrefixCacheTests : IDisposable
{
    private const int BlockLength = 4;
    private static readonly AttentionPattern Pattern = AttentionPattern.BlockCausal(BlockLength);

    private readonly DiffusionTransformer model = TinyModel.Create(TinyModel.Config());

    // Prompts that share starts: one of few beginnings, few variations behind it.
    private static readonly Gen<int[]> Prompts =
        from document in Gen.Int[0, 2]
        from length in Gen.Int[0, 40]
        from changed in Gen.Int[0, 40]
        from variant in Gen.Int[0, 2]
        select Enumerable.Range(0, length).Select(i => 7 + ((i * 5) + (document * 11) + (i >= changed ? variant : 0)) % 40).ToArray();

    public void Dispose() => model.Dispose();

    private PrefixCache Cache(int tokens) => new(model, BlockLength, new PrefixCacheOptions { BudgetBytes = tokens * BytesPerToken() });

    private long BytesPerToken()
    {
        using KvCache cache = model.NewCache(0);
        return cache.BytesPerToken;
    }

    // What a sampler does with a lease: computes blocks of the prompt that are missing, perhaps not all, and new ones behind.
    private void Compute(KvCache cache, ReadOnlySpan<int> tokens)
    {
        using var inference = inference_mode(true);
        cache.Reserve(tokens.Length + BlockLength);
        if (tokens.Length > cache.Length)
        {
            int count = tokens.Length - cache.Length;
            model.Forward(tokens[cache.Length..], Pattern, cache).Dispose();
            cache.Commit(count);
        }
        // A block in work is written and not committed.
        model.Forward([9, 9, 9, 9], Pattern, cache).Dispose();
    }

    private void AssertHolds(KvCache cache, int[] tokens)
    {
        using var inference = inference_mode(true);
        using KvCache fresh = model.NewCache(tokens.Length);
        model.Forward(tokens, Pattern, fresh).Dispose();
        fresh.Commit(tokens.Length);
        using Tensor expected = fresh.Copy(0, tokens.Length);
        using Tensor actual = cache.Copy(0, tokens.Length);
        Assert.True(actual.allclose(expected, rtol: 1e-4, atol: 1e-4));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(60)]
    [InlineData(9)]
    [InlineData(0)]
    public void Rent_AnySequenceOfPrompts_HoldsWhatAFreshForwardWould(int budget)
    {
        Gen.Select(Prompts, Gen.Int[0, 44])
            .Array[1, 12]
            .Sample(
                requests =>
                {
                    using PrefixCache cache = Cache(budget);
                    foreach ((int[] prompt, int computed) in requests)
                    {
                        int whole = prompt.Length / BlockLength * BlockLength;
                        using PrefixLease lease = cache.Rent(prompt);
                        Assert.Equal(lease.ReusedTokens, lease.Cache.Length);
                        Assert.True(lease.ReusedTokens % BlockLength == 0 && lease.ReusedTokens <= whole);
                        if (lease.ReusedTokens > 0)
                        {
                            AssertHolds(lease.Cache, prompt[..lease.ReusedTokens]);
                        }
                        // Some are cancelled before they have computed all, some generate more.
                        int[] all = [.. prompt[..whole], 11, 12, 13, 14];
                        Compute(lease.Cache, all.AsSpan(0, Math.Min(all.Length, computed / BlockLength * BlockLength)));
                        Assert.True(cache.Statistics.HeldTokens <= budget);
                    }
                    PrefixCacheStatistics counts = cache.Statistics;
                    Assert.True(counts.HeldBytes <= budget * BytesPerToken());
                    Assert.Equal(requests.Length, counts.Requests);
                    Assert.Equal(requests.Sum(request => request.Item1.Length), counts.PromptTokens);
                    Assert.True(counts.ReusedTokens <= counts.PromptTokens && counts.Hits <= counts.Requests);
                },
                iter: 25,
                threads: 1
            );
    }

    [Fact]
    public void Rent_DocumentsByTurns_ReusesEachOnesOwn()
    {
        using PrefixCache cache = Cache(1000);
        int[][] documents = [.. Enumerable.Range(0, 3).Select(d => Enumerable.Range(0, 22).Select(i => 7 + (i * (d + 2) % 40)).ToArray())];
        for (int round = 0; round < 3; round++)
        {
            foreach (int[] document in documents)
            {
                using PrefixLease lease = cache.Rent(document);
                Assert.Equal(round == 0 ? 0 : 20, lease.ReusedTokens);
                Compute(lease.Cache, document.AsSpan(0, 20));
            }
        }
        PrefixCacheStatistics counts = cache.Statistics;
        Assert.Equal((9, 6, 198, 120), (counts.Requests, counts.Hits, counts.PromptTokens, counts.ReusedTokens));
        Assert.Equal(60, counts.HeldTokens);
        Assert.Equal(0, counts.EvictedTokens);
    }

    [Fact]
    public void Rent_EditAbove_ReusesWhatStandsBeforeIt()
    {
        using PrefixCache cache = Cache(1000);
        int[] text = [.. Enumerable.Range(0, 24).Select(i => 7 + i)];
        Reuse(cache, text);
        int[] edited = [.. text[..13], 40, .. text[14..]];
        Assert.Equal(12, Reuse(cache, edited));
        // Both versions are still there, and what they share is held once.
        Assert.Equal(24, Reuse(cache, text));
        Assert.Equal(24, Reuse(cache, edited));
        Assert.Equal(36, cache.Statistics.HeldTokens);
    }

    [Fact]
    public void Rent_OverBudget_DropsTheLeastRecentlyUsed()
    {
        using PrefixCache cache = Cache(50);
        int[] Document(int d) => [.. Enumerable.Range(0, 20).Select(i => 7 + d + i)];
        Reuse(cache, Document(0));
        Reuse(cache, Document(1));
        Reuse(cache, Document(0));
        Reuse(cache, Document(2)); // 60 tokens: document 1 goes
        Assert.Equal(20, cache.Statistics.EvictedTokens);
        Assert.Equal(20, Reuse(cache, Document(0)));
        Assert.Equal(0, Reuse(cache, Document(1)));
    }

    [Fact]
    public void Rent_TwiceAtOnce_IsRefused()
    {
        using PrefixCache cache = Cache(100);
        using (cache.Rent([1, 2, 3, 4]))
        {
            Assert.Throws<InvalidOperationException>(() => cache.Rent([1]).Dispose());
        }
        cache.Rent([1]).Dispose();
    }

    private int Reuse(PrefixCache cache, int[] prompt)
    {
        using PrefixLease lease = cache.Rent(prompt);
        Compute(lease.Cache, prompt.AsSpan(0, prompt.Length / BlockLength * BlockLength));
        return lease.ReusedTokens;
    }
}
