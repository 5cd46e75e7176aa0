using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Kernels;
using StableDiffCoder.Engine.Tests.Reference;
using Xunit.Abstractions;

namespace StableDiffCoder.Engine.Tests.Conformance;

public sealed class SelfVerificationConformanceTests(ITestOutputHelper output)
{
    private const double TieMargin = 1e-4;
    private const int Cases = 25;

    [Theory]
    [InlineData("grouped 4/2", false)]
    [InlineData("grouped 4/2", true)]
    [InlineData("multi-head 4/4", false)]
    [InlineData("multi-head 4/4", true)]
    [InlineData("multi-query 4/1, theta 500000", false)]
    [InlineData("multi-query 4/1, theta 500000", true)]
    [InlineData("tied", false)]
    [InlineData("tied", true)]
    public void Generate_ManyOptions_EqualsTheReference(string name, bool kernels)
    {
        using var checkpoint = new ConformanceCheckpoint(name, kernel: kernels ? LinearKernels.Best : null);
        var random = new Random(8);
        int compared = 0;
        int forwards = 0;
        int tokens = 0;
        for (int i = 0; i < Cases; i++)
        {
            int block = random.GetItems([2, 3, 4, 4, 4, 8], 1)[0];
            int genLength = block * random.Next(1, 4);
            var request = new ReferenceRequest
            {
                Prompt = [.. checkpoint.RandomIds(random.Next(0, 14), random.Next()).Select(id => id == CheckpointShape.Mask ? 2 : id)],
                GenLength = genLength,
                Steps = genLength,
                BlockLength = block,
                Threshold = random.Next(2) == 0 ? null : random.NextDouble(),
                Forbidden = checkpoint.Shape.Forbidden,
            };
            ReferenceResult free = new ReferenceSelfVerifier(checkpoint.ReferenceLogits).Generate(request);
            foreach (int eos in (int[])[CheckpointShape.Eos, free.NewIds[random.Next(free.NewIds.Count)]])
            {
                ReferenceRequest asked = request with { Eos = eos };
                ReferenceResult expected = new ReferenceSelfVerifier(checkpoint.ReferenceLogits).Generate(asked);
                if (expected.Gap >= TieMargin)
                {
                    Compare(checkpoint, asked, expected);
                    compared++;
                    forwards += expected.Forwards;
                    tokens += expected.NewIds.Count;
                }
            }
        }
        output.WriteLine($"{name}: {compared} of {2 * Cases} generations compared, {tokens} tokens in {forwards} forwards");
        Assert.True(compared > Cases);
    }

    private static void Compare(ConformanceCheckpoint checkpoint, ReferenceRequest request, ReferenceResult expected)
    {
        var options = new SamplerOptions
        {
            GenLength = request.GenLength,
            BlockLength = request.BlockLength,
            Threshold = request.Threshold,
        };
        Generation actual = new SelfVerifyingSampler(
            checkpoint.Model,
            new SpecialIds(request.Mask, request.Eos, request.Forbidden)
        ).Generate([.. request.Prompt], options, GenerationHooks.None, CancellationToken.None);
        string what = $"prompt [{string.Join(", ", request.Prompt)}], {options}, eos {request.Eos}";
        Assert.True(
            expected.NewIds.SequenceEqual(actual.NewIds),
            $"{what}: [{string.Join(", ", expected.NewIds)}] became [{string.Join(", ", actual.NewIds)}]"
        );
        Assert.True(expected.Forwards == actual.Forwards, $"{what}: {expected.Forwards} forwards became {actual.Forwards}");
        Assert.Equal(expected.Stop == "eos" ? GenerationStop.Eos : GenerationStop.Length, actual.Stop);
    }
}
