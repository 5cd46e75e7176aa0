using BenchmarkDotNet.Attributes;
using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Runtime;
using static TorchSharp.torch;

namespace StableDiffCoder.Benchmarks;

/// <summary>What a step costs beside its forward: proposals from the logits of a block, for both vocabularies.</summary>
[MemoryDiagnoser]
public class SamplerBenchmarks : IDisposable
{
    private const int Masked = 4;

    private Tensor logits = null!;
    private TokenSampler sampler = null!;

    [Params(4096, 155136)]
    public int Vocabulary { get; set; }

    [GlobalSetup]
    public void Load()
    {
        TorchRuntime.EnsureLoaded(threads: 1);
        logits = randn(Masked, Vocabulary).DetachFromDisposeScope();
        sampler = new TokenSampler([5, Vocabulary - 1], temperature: 0, new SplitMixNoise(0), CPU);
    }

    [Benchmark]
    public double Propose() => sampler.Propose(logits)[0].Confidence;

    [GlobalCleanup]
    public void Dispose()
    {
        logits.Dispose();
        sampler.Dispose();
        GC.SuppressFinalize(this);
    }
}
