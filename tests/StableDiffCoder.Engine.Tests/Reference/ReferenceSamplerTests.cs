namespace StableDiffCoder.Engine.Tests.Reference;

/// <summary>The reference itself against small cases worked out by hand.</summary>
public sealed class ReferenceSamplerTests
{
    private const int Mask = 5;
    private const int Eos = 2;

    [Theory]
    [InlineData(9, 16, new[] { 3, 4, 4, 4, 1 })]
    [InlineData(8, 8, new[] { 4, 4 })]
    [InlineData(0, 4, new[] { 4 })]
    [InlineData(7, 4, new[] { 1, 3 })]
    public void Blocks_PromptLength_AlignsToAbsolutePosition(int prompt, int genLength, int[] lengths) =>
        Assert.Equal(lengths, ReferenceSampler.Blocks(prompt, genLength, 4).Select(block => block.Length));

    [Theory]
    // Blocks of 4, 4 steps each: 4 forwards and a commit a block.
    [InlineData(8, 8, 8, null, 10)]
    // 2 steps a block: 2 forwards and a commit.
    [InlineData(8, 8, 4, null, 6)]
    // 3, 4, 4, 4, 1 masks over 4 steps: a step without a mask to reveal runs nothing.
    [InlineData(9, 16, 16, null, 3 + 4 + 4 + 4 + 1 + 5)]
    // 1 step a block, and 5 blocks.
    [InlineData(9, 16, 4, null, 10)]
    // 8 steps for 4 masks: 4 forwards.
    [InlineData(4, 4, 8, null, 5)]
    // Everything is above the threshold, or nothing is.
    [InlineData(8, 8, 8, 0.0, 4)]
    [InlineData(8, 8, 2, 1.1, 10)]
    public void Generate_Schedule_CountsForwards(int prompt, int genLength, int steps, double? threshold, int forwards)
    {
        ReferenceResult result = Scripted((position, _) => (10 + (position % 7), 3))
            .Generate(Request(prompt, genLength, steps) with { Threshold = threshold });
        Assert.Equal(forwards, result.Forwards);
        Assert.Equal("length", result.Stop);
        Assert.Equal(Enumerable.Range(prompt, genLength).Select(p => 10 + (p % 7)), result.NewIds);
    }

    [Fact]
    public void Generate_OneStepAtATime_RevealsTheMostConfidentFirstAndTiesFromTheLeft()
    {
        var masks = new List<string>();
        ReferenceSampler sampler = Scripted(
            (position, ids) =>
            {
                masks.Add(string.Concat(ids.TakeLast(4).Select(id => id == Mask ? 'm' : '.')));
                return (10, position == 6 ? 5 : 3);
            }
        );
        sampler.Generate(Request(4, 4, 4));
        Assert.Equal(["mmmm", "mm.m", ".m.m", "...m"], masks.Distinct());
    }

    [Fact]
    public void Generate_NewEos_FillsItsBlockAndCommitsNothing()
    {
        // Prompt of 6: blocks at 6–7, 8–11, …; the eos comes at 9, and the eos in the prompt does not count.
        ReferenceSampler sampler = Scripted((position, _) => (position == 9 ? Eos : 10, 3));
        ReferenceRequest request = Request(6, 8, 8) with { Prompt = [9, 9, Eos, 9, Eos, 9] };
        ReferenceResult result = sampler.Generate(request);
        Assert.Equal([10, 10, 10, Eos, Eos, Eos], result.NewIds);
        Assert.Equal("eos", result.Stop);
        Assert.Equal(2 + 1 + 4, result.Forwards);
    }

    [Fact]
    public void Generate_ForbiddenIds_AreNeitherChosenNorCounted()
    {
        double[] logits = new double[20];
        logits[Mask] = 50;
        logits[7] = 40;
        logits[8] = 2;
        var sampler = new ReferenceSampler(ids => [.. ids.Select(_ => logits)]);
        // Without the two, id 8 has e² of e² + 17: below 0.31, so that one position a forward is revealed; above 0.30, all at once.
        ReferenceRequest request = Request(4, 4, 4) with
        {
            Forbidden = [Mask, 7],
        };
        Assert.Equal(5, sampler.Generate(request with { Threshold = 0.31 }).Forwards);
        ReferenceResult result = sampler.Generate(request with { Threshold = 0.30 });
        Assert.Equal(2, result.Forwards);
        Assert.Equal([8, 8, 8, 8], result.NewIds);
    }

    [Fact]
    public void Generate_Temperature_WeighsByTheNoise()
    {
        // exp(3) / (-ln 0.5)^2 = 41.8 against exp(0) / (-ln 0.9)^2 = 90.1; at T = 1: 29.0 against 9.5.
        ReferenceSampler sampler = Scripted((_, _) => (10, 3));
        ReferenceRequest request = Request(4, 4, 4) with { Uniform = (_, _, id) => id == 11 ? 0.9 : 0.5 };
        Assert.Equal([11, 11, 11, 11], sampler.Generate(request with { Temperature = 2 }).NewIds);
        Assert.Equal([10, 10, 10, 10], sampler.Generate(request with { Temperature = 1 }).NewIds);
    }

    /// <summary>A model whose likely id at a position, with its lead over the others, is written down.</summary>
    private static ReferenceSampler Scripted(Func<int, IReadOnlyList<int>, (int Id, double Lead)> likely) =>
        new(ids =>
            [
                .. ids.Select(
                    (_, position) =>
                    {
                        var logits = new double[20];
                        (int id, double lead) = likely(position, ids);
                        logits[id] = lead;
                        return logits;
                    }
                ),
            ]
        );

    private static ReferenceRequest Request(int prompt, int genLength, int steps) =>
        new()
        {
            Prompt = [.. Enumerable.Repeat(9, prompt)],
            GenLength = genLength,
            Steps = steps,
        };
}
