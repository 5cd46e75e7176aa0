using StableDiffCoder.Engine.Kernels;
using StableDiffCoder.Engine.Model;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Tests.Conformance;

public sealed class TransformerConformanceTests(ITestOutputHelper output)
{
    private const double Tolerance = 2e-4;

    public static TheoryData<string> Checkpoints => ConformanceCheckpoint.Names;

    /// <summary>−1 is libtorch.</summary>
    public static TheoryData<string, int> CheckpointsAndKernels
    {
        get
        {
            var all = new TheoryData<string, int>();
            foreach (string name in ConformanceCheckpoint.Names.Cast<object[]>().Select(row => (string)row[0]))
            {
                for (int kernel = -1; kernel < LinearKernels.Supported.Count; kernel++)
                {
                    all.Add(name, kernel);
                }
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Logits_WholeSequence_EqualTheReference(string name)
    {
        using var checkpoint = new ConformanceCheckpoint(name);
        foreach ((AttentionPattern pattern, Func<int, int, bool> sees) in Patterns())
        {
            LogitComparison all = default;
            foreach (int length in (int[])[1, 4, 9, 30])
            {
                int[] ids = checkpoint.RandomIds(length, seed: length);
                all = all.And(LogitComparison.Of(checkpoint.Logits(ids, pattern), checkpoint.ReferenceLogits(ids, sees)));
            }
            output.WriteLine(
                $"{name}, {pattern}: largest difference of a log-probability {all.LogProbability:E2} over {all.Positions} positions"
            );
            Assert.True(all.LogProbability < Tolerance, $"{pattern}: {all.LogProbability}");
            Assert.Equal(0, all.OtherArgMax);
        }
    }

    [Theory]
    [MemberData(nameof(CheckpointsAndKernels))]
    public void Logits_BlockByBlockWithCache_EqualTheReference(string name, int kernelIndex)
    {
        ILinearKernel? kernel = kernelIndex < 0 ? null : LinearKernels.Supported[kernelIndex];
        using var checkpoint = new ConformanceCheckpoint(name, kernel: kernel);
        LogitComparison all = default;
        foreach ((int block, int prefilled, int length) in ((int, int, int)[])[(4, 0, 12), (4, 8, 21), (1, 3, 7), (8, 8, 27), (3, 6, 13)])
        {
            var pattern = AttentionPattern.BlockCausal(block);
            int[] ids = checkpoint.RandomIds(length, seed: length);
            double[][] expected = checkpoint.ReferenceLogits(ids, (query, key) => key / block <= query / block);
            using KvCache cache = checkpoint.Model.NewCache(length);
            for (var start = 0; start < length; )
            {
                int end = start == 0 && prefilled > 0 ? prefilled : Math.Min(start + block, length);
                // A draft of the block, all masks, leaves no trace; nor does a wrong block that is taken back.
                checkpoint.Logits([.. Enumerable.Repeat(5, end - start)], pattern, cache);
                cache.Commit(end - start);
                cache.Truncate(start);
                double[][] actual = checkpoint.Logits(ids.AsSpan(start, end - start), pattern, cache);
                cache.Commit(end - start);
                all = all.And(LogitComparison.Of(actual, expected[start..end]));
                start = end;
            }
        }
        output.WriteLine(
            $"{name}, {checkpoint.Model.Kernels ?? "libtorch"}, cached: largest difference of a log-probability {all.LogProbability:E2} over {all.Positions} positions"
        );
        Assert.True(all.LogProbability < Tolerance, $"{all.LogProbability}");
        Assert.Equal(0, all.OtherArgMax);
    }

    [Theory]
    [InlineData("bfloat16, 3 shards")]
    [InlineData("bfloat16, tied, 2 shards, 4/1")]
    public void Logits_InBrainFloat_StayNearTheReference(string name)
    {
        using var checkpoint = new ConformanceCheckpoint(name, ScalarType.BFloat16);
        LogitComparison all = default;
        foreach ((AttentionPattern pattern, Func<int, int, bool> sees) in Patterns())
        {
            int[] ids = checkpoint.RandomIds(30, seed: 30);
            all = all.And(LogitComparison.Of(checkpoint.Logits(ids, pattern), checkpoint.ReferenceLogits(ids, sees)));
        }
        output.WriteLine(
            $"{name} in bfloat16: largest difference of a log-probability {all.LogProbability:E2}, of the most likely ids' {all.MostLikely:E2}, "
                + $"{all.OtherArgMax} of {all.Positions} most likely ids differ"
        );
        // 8 bits of mantissa on logits of about ±10, over a few layers.
        Assert.True(all.MostLikely < 0.5, $"{all.MostLikely}");
        Assert.True(all.OtherArgMax < all.Positions / 10, $"{all.OtherArgMax} of {all.Positions}");
    }

    [Theory]
    [InlineData("bfloat16, 3 shards")]
    [InlineData("bfloat16, tied, 2 shards, 4/1")]
    public void Logits_InBrainFloatByKernels_StayNearTheReference(string name)
    {
        double byLibtorch = LargestInBrainFloat(name, kernel: null);
        foreach (ILinearKernel kernel in LinearKernels.Supported)
        {
            double byKernel = LargestInBrainFloat(name, kernel);
            output.WriteLine($"{name} in bfloat16: largest difference by {kernel.Name} {byKernel:E2}, by libtorch {byLibtorch:E2}");
            // Activations are not rounded; what is left are the keys and values, which the cache holds in bfloat16.
            Assert.True(byKernel < 0.2, $"{kernel.Name}: {byKernel}");
        }
    }

    private static double LargestInBrainFloat(string name, ILinearKernel? kernel)
    {
        using var checkpoint = new ConformanceCheckpoint(name, ScalarType.BFloat16, kernel);
        LogitComparison all = default;
        int[] ids = checkpoint.RandomIds(28, seed: 30);
        double[][] expected = checkpoint.ReferenceLogits(ids, (query, key) => key / 4 <= query / 4);
        using KvCache cache = checkpoint.Model.NewCache(ids.Length);
        for (int start = 0; start < ids.Length; start += 4)
        {
            double[][] actual = checkpoint.Logits(ids.AsSpan(start, 4), AttentionPattern.BlockCausal(4), cache);
            cache.Commit(4);
            all = all.And(LogitComparison.Of(actual, expected[start..(start + 4)]));
        }
        return all.MostLikely;
    }

    private static (AttentionPattern Pattern, Func<int, int, bool> Sees)[] Patterns() =>
        [
            (AttentionPattern.BlockCausal(4), (query, key) => key / 4 <= query / 4),
            (AttentionPattern.BlockCausal(3), (query, key) => key / 3 <= query / 3),
            (AttentionPattern.Causal, (query, key) => key <= query),
            (AttentionPattern.Full, (_, _) => true),
        ];
}
