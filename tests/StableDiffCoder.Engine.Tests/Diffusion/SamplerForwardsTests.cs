using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Tests.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Tests.Diffusion;

/// <summary>How many forwards each sampler needs, and what its hooks see.</summary>
public sealed class SamplerForwardsTests
{
    private static readonly SpecialIds Special = new(Mask: 5, Eos: 2, [5, 2, 48, 49]);

    private static readonly int[] Prompt = [.. Enumerable.Range(0, 9).Select(i => 7 + i)];

    public static TheoryData<SamplerKind> Kinds => [.. Enum.GetValues<SamplerKind>()];

    private static Generation Generate(
        DiffusionTransformer model,
        SamplerKind kind,
        SamplerOptions options,
        GenerationHooks? hooks = null,
        int promptLength = 8,
        KvCache? cache = null
    ) =>
        Samplers
            .Create(kind, model, Special)
            .Generate(Prompt.AsSpan(0, promptLength), options, hooks ?? GenerationHooks.None, CancellationToken.None, cache: cache);

    // Without what attention and MLP add, a row's logits depend on its own token alone, so that every draft of masks holds.
    private static DiffusionTransformer CertainModel()
    {
        DiffusionTransformer model = TinyModel.Create(TinyModel.Config());
        using var noGrad = no_grad();
        foreach ((string name, Tensor weight) in model.Weights)
        {
            if (name.Contains("o_proj", StringComparison.Ordinal) || name.Contains("down_proj", StringComparison.Ordinal))
            {
                weight.zero_();
            }
        }
        return model;
    }

    [Theory]
    [InlineData(SamplerKind.Reference, 8)] // a denoising and a commit a block
    [InlineData(SamplerKind.Fused, 4)] // four tokens a forward
    [InlineData(SamplerKind.Speculative, 4)]
    [InlineData(SamplerKind.SelfVerified, 4)]
    public void Generate_EveryTokenAtOnce_IsOneForwardABlock(SamplerKind kind, int expected)
    {
        using DiffusionTransformer model = TinyModel.Create(TinyModel.Config());
        Generation generation = Generate(model, kind, new SamplerOptions { GenLength = 16, Threshold = 0 });
        Assert.Equal(expected, generation.Forwards);
        Assert.Equal(16, generation.NewIds.Count);
    }

    [Theory]
    [InlineData(SamplerKind.Reference, 20)]
    [InlineData(SamplerKind.Fused, 16)]
    [InlineData(SamplerKind.Speculative, 5)] // a first step, then a block a forward
    [InlineData(SamplerKind.SelfVerified, 5)]
    public void Generate_DraftsThatHold_TakeOneForwardABlock(SamplerKind kind, int expected)
    {
        using DiffusionTransformer model = CertainModel();
        Assert.Equal(expected, Generate(model, kind, new SamplerOptions { GenLength = 16 }).Forwards);
    }

    [Fact]
    public void Generate_SelfVerified_NeverTakesMoreForwardsThanTokens()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            using DiffusionTransformer model = TinyModel.Create(TinyModel.Config(), seed);
            Generation generation = Generate(model, SamplerKind.SelfVerified, new SamplerOptions { GenLength = 16 }, promptLength: 9);
            Assert.True(generation.Forwards <= 16, $"{generation.Forwards} forwards");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Generate_StopCondition_IsAskedBetweenSteps(SamplerKind kind)
    {
        using DiffusionTransformer model = TinyModel.Create(TinyModel.Config(), seed: 2);
        var options = new SamplerOptions { GenLength = 16 };
        Generation free = Generate(model, kind, options, promptLength: 9);
        for (int length = 1; length <= 16; length++)
        {
            var shown = new List<int>();
            var hooks = new GenerationHooks
            {
                ShouldStop = ids =>
                {
                    shown.Add(ids.Count);
                    Assert.Equal(free.NewIds.Take(ids.Count), ids);
                    return ids.Count >= length;
                },
            };
            Generation stopped = Generate(model, kind, options, hooks, promptLength: 9);
            Assert.Equal(free.NewIds.Take(stopped.NewIds.Count), stopped.NewIds);
            Assert.Equal(stopped.NewIds.Count, stopped.Confidences.Count);
            Assert.InRange(stopped.NewIds.Count, length, Math.Min(16, length + 3));
            Assert.Equal(GenerationStop.Condition, stopped.Stop);
            Assert.Equal(shown.Order(), shown);
            Assert.True(stopped.Forwards <= free.Forwards);
            Assert.True(length > 3 || stopped.Forwards <= 4, "the first block has four tokens, one of the prompt's");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Generate_OutOfTime_KeepsFinishedBlocksAndRunsNoOtherForward(SamplerKind kind)
    {
        using DiffusionTransformer model = TinyModel.Create(TinyModel.Config(), seed: 2);
        var options = new SamplerOptions { GenLength = 16 };
        Generation free = Generate(model, kind, options, promptLength: 9);
        int kept = -1;
        for (int allowed = 0; allowed <= free.Forwards; allowed++)
        {
            int forwards = 0;
            bool late = allowed == 0;
            var hooks = new GenerationHooks { OnStep = step => late = (forwards = step.Forwards) >= allowed, IsOutOfTime = () => late };
            Generation stopped = Generate(model, kind, options, hooks, promptLength: 9);
            Assert.Equal(free.NewIds.Take(stopped.NewIds.Count), stopped.NewIds);
            Assert.Equal(stopped.NewIds.Count, stopped.Confidences.Count);
            // The released sampler's commits are not shown.
            Assert.InRange(stopped.Forwards, forwards, kind == SamplerKind.Reference ? forwards + 5 : forwards);
            Assert.Contains(stopped.NewIds.Count, (int[])[0, 3, 7, 11, 15, 16]);
            Assert.True(stopped.NewIds.Count >= kept);
            Assert.Equal(stopped.NewIds.Count == 16 ? GenerationStop.Length : GenerationStop.Deadline, stopped.Stop);
            kept = stopped.NewIds.Count;
        }
        Assert.Equal(16, kept);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Generate_CachedPrompt_GivesTheSameAndGrowsByFinishedBlocks(SamplerKind kind)
    {
        using DiffusionTransformer model = TinyModel.Create(TinyModel.Config(), seed: 3);
        using var inference = inference_mode(true);
        var options = new SamplerOptions { GenLength = 12 };
        Generation plain = Generate(model, kind, options, promptLength: 9);
        foreach (int cached in (int[])[0, 4, 8])
        {
            using KvCache cache = model.NewCache(cached);
            if (cached > 0)
            {
                model.Forward(Prompt.AsSpan(0, cached), AttentionPattern.BlockCausal(4), cache).Dispose();
                cache.Commit(cached);
            }
            Generation generation = Generate(model, kind, options, promptLength: 9, cache: cache);
            Assert.Equal(plain.NewIds, generation.NewIds);
            Assert.Equal(plain.Forwards, generation.Forwards);
            Assert.InRange(cache.Length, 16, 21);
            // What the cache holds is what a plain forward over the same tokens would have put there.
            int[] all = [.. Prompt, .. plain.NewIds];
            using KvCache whole = model.NewCache(cache.Length);
            model.Forward(all.AsSpan(0, cache.Length), AttentionPattern.BlockCausal(4), whole).Dispose();
            whole.Commit(cache.Length);
            using Tensor actual = cache.Copy(0, cache.Length);
            using Tensor expected = whole.Copy(0, cache.Length);
            Assert.True(actual.allclose(expected, rtol: 1e-4, atol: 1e-4));
        }
    }

    [Theory]
    [InlineData(3)] // not whole blocks
    [InlineData(12)] // more than the prompt
    public void Generate_CacheThatDoesNotFitThePrompt_IsAnArgumentError(int cached)
    {
        using DiffusionTransformer model = TinyModel.Create(TinyModel.Config());
        using var inference = inference_mode(true);
        using KvCache cache = model.NewCache(16);
        model.Forward([.. Enumerable.Repeat(9, cached)], AttentionPattern.BlockCausal(4), cache).Dispose();
        cache.Commit(cached);
        Assert.Throws<ArgumentException>(() => Generate(model, SamplerKind.Fused, new SamplerOptions { GenLength = 4 }, cache: cache));
    }

    [Fact]
    public void Generate_OptionsThatDoNotGoTogether_AreArgumentErrors()
    {
        using DiffusionTransformer model = TinyModel.Create(TinyModel.Config());
        var options = new SamplerOptions { GenLength = 8 };
        Assert.Throws<ArgumentException>(() => Generate(model, SamplerKind.Fused, options with { Threshold = 0.5, EntropyBound = 0.5 }));
        Assert.Throws<ArgumentException>(() => Generate(model, SamplerKind.Fused, options with { EntropyBound = -1 }));
        Assert.Throws<ArgumentException>(() => Generate(model, SamplerKind.SelfVerified, options with { EntropyBound = 1 }));
        Assert.Throws<ArgumentException>(() => Generate(model, SamplerKind.SelfVerified, options with { Steps = 2 }));
    }

    [Fact]
    public void All_EveryKind_HasOneNameAndIsCreated()
    {
        using DiffusionTransformer model = TinyModel.Create(TinyModel.Config());
        Assert.Equal(Enum.GetValues<SamplerKind>(), Samplers.All.Select(sampler => sampler.Kind));
        Assert.Equal(4, Samplers.All.Select(sampler => Samplers.Create(sampler.Kind, model, Special).GetType()).Distinct().Count());
        Assert.All(Samplers.All, sampler => Assert.Same(sampler, Samplers.Find(sampler.Name)));
        Assert.Null(Samplers.Find("Reference"));
    }
}
