using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Tests.Model;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Tests.Diffusion;

public sealed class TokenPriorTests
{
    private static readonly SpecialIds Special = new(Mask: 5, Eos: 2, [5, 48, 49]);

    // What it says depends on every new token before the place, so that a sampler that asks with others is found out.
    private sealed class HashPrior(double weight) : ITokenPrior
    {
        public TokenShare? Next(IReadOnlyList<int> newIds)
        {
            Assert.DoesNotContain(Special.Mask, newIds);
            int hash = newIds.Aggregate(17, (sum, id) => ((sum * 31) + id) % 100_003);
            return hash % 3 == 0
                ? null
                : new TokenShare(weight, new Dictionary<int, double> { [10 + (hash % 30)] = 0.7, [9 + (hash % 20)] = 0.3 }.AsReadOnly());
        }
    }

    [Fact]
    public void Propose_Share_MixesItIntoItsRowAlone()
    {
        TinyModel.Create(TinyModel.Config()).Dispose();
        using Tensor logits = tensor(new[] { 1, 2, 0.5, 0.7, 1, 2, 0.5, 0.7 }, [2, 4]);
        using var sampler = new TokenSampler([], 0, new SplitMixNoise(0), CPU) { MeasuresEntropy = true, EndId = 3 };
        double sum = Math.Exp(1) + Math.Exp(2) + Math.Exp(0.5) + Math.Exp(0.7);
        double end = Math.Exp(0.7) / sum;
        var share = new TokenShare(0.6, new Dictionary<int, double> { [0] = 0.9, [2] = 0.1 });
        TokenProposal[] proposals = sampler.Propose(logits, shares: [null, share]);
        Assert.Equal((1, Math.Exp(2) / sum), (proposals[0].Id, proposals[0].Confidence), Close);
        Assert.Equal((0, (0.4 * Math.Exp(1) / sum) + (0.54 * (1 - end))), (proposals[1].Id, proposals[1].Confidence), Close);
        double[] mixed =
        [
            (0.4 * Math.Exp(1) / sum) + (0.54 * (1 - end)),
            0.4 * Math.Exp(2) / sum,
            (0.4 * Math.Exp(0.5) / sum) + (0.06 * (1 - end)),
            end,
        ];
        Assert.Equal(-mixed.Sum(p => p * Math.Log(p)), proposals[1].Entropy, 9);
    }

    [Fact]
    public void Propose_ShareForATokenForbiddenFirst_IsNotChosen()
    {
        TinyModel.Create(TinyModel.Config()).Dispose();
        using Tensor logits = tensor(new[] { 1, 2, 0.5, 3 }, [1, 4]);
        using var sampler = new TokenSampler([3], 0, new SplitMixNoise(0), CPU) { ForbiddenFirst = [0], EndId = 3 };
        var share = new TokenShare(0.9, new Dictionary<int, double> { [0] = 1 });
        TokenProposal proposal = sampler.Propose(logits, firstRow: 0, shares: [share])[0];
        Assert.Equal((1, Math.Exp(2) / (Math.Exp(2) + Math.Exp(0.5))), (proposal.Id, proposal.Confidence), Close);
    }

    [Theory]
    [InlineData(RemaskingOrder.LowConfidence, null)]
    [InlineData(RemaskingOrder.LeftToRight, null)]
    [InlineData(RemaskingOrder.LeftToRight, 0.3)]
    public void Generate_WithAPrior_IsTheSameInEveryExactSampler(RemaskingOrder order, double? threshold)
    {
        int changed = 0;
        for (int seed = 1; seed <= 12; seed++)
        {
            using DiffusionTransformer model = TinyModel.Create(TinyModel.Config(), seed);
            var options = new SamplerOptions
            {
                GenLength = 16,
                Remasking = order,
                Threshold = threshold,
            };
            int[] prompt = [.. Enumerable.Range(0, 6 + (seed % 5)).Select(i => 7 + ((i * seed) % 40))];
            IReadOnlyList<int> Run(SamplerKind kind, ITokenPrior? prior) =>
                Samplers
                    .Create(kind, model, Special)
                    .Generate(prompt, options, new GenerationHooks { Prior = prior }, CancellationToken.None)
                    .NewIds;
            var prior = new HashPrior(0.6);
            IReadOnlyList<int> expected = Run(SamplerKind.Reference, prior);
            Assert.Equal(expected, Run(SamplerKind.Fused, prior));
            Assert.Equal(expected, Run(SamplerKind.Speculative, prior));
            changed += expected.SequenceEqual(Run(SamplerKind.Reference, null)) ? 0 : 1;
        }
        Assert.True(changed >= 10, $"the prior changed {changed} of 12 texts");
    }

    private static bool Close((int Id, double Value) a, (int Id, double Value) b) => a.Id == b.Id && Math.Abs(a.Value - b.Value) < 1e-9;
}
