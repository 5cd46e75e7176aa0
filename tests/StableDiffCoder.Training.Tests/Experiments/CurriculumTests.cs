using System.Text.RegularExpressions;
using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Training.Experiments;
using StableDiffCoder.Training.Experiments.Curriculum;
using StableDiffCoder.Training.Running;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Tests.Experiments;

public sealed partial class CurriculumTests
{
    private static readonly SpecialIds Special = new(Mask: 5, Eos: 2, Forbidden: [5, 0]);

    [Fact]
    public void Make_EverySum_IsRight()
    {
        IReadOnlyList<Question> questions = ArithmeticCorpus.Make(20, seed: 3);
        Question[] sums = [.. questions.Where(question => question.Kind == "sum")];
        Assert.Equal(900, sums.Length);
        Assert.All(
            sums,
            question =>
            {
                Match match = Sum().Match(question.Text);
                Assert.True(match.Success, question.Text);
                Assert.Equal(
                    int.Parse(match.Groups[1].Value, null) + int.Parse(match.Groups[2].Value, null),
                    int.Parse(match.Groups[3].Value, null)
                );
            }
        );
        Assert.InRange(sums.Count(question => question.HeldOut), 140, 220);
    }

    [Fact]
    public void Make_EveryFunction_AddsOneNumberOfItsOwn()
    {
        Question[] calls = [.. ArithmeticCorpus.Make(20, seed: 3).Where(question => question.Kind == "api")];
        Assert.Equal(200, calls.Length);
        foreach (IGrouping<string, Question> function in calls.GroupBy(question => question.Prompt.Split('(')[0]))
        {
            Assert.Equal(10, function.Count());
            Assert.Single(
                function.Select(call => int.Parse(call.Answer, null) - int.Parse(call.Prompt.Split('(', ')')[1], null)).Distinct()
            );
        }
    }

    [Fact]
    public void TrainingDocuments_HoldNothingHeldOut_AndBothKindsAlike()
    {
        IReadOnlyList<Question> questions = ArithmeticCorpus.Make(50, seed: 4);
        IReadOnlyList<string> documents = ArithmeticCorpus.TrainingDocuments(questions);
        Assert.Empty(documents.Intersect(questions.Where(question => question.HeldOut).Select(question => question.Text)));
        double calls = documents.Count(document => document.Contains('(', StringComparison.Ordinal));
        Assert.InRange(calls / documents.Count, 0.4, 0.6);
    }

    [Fact]
    public void Decode_BlocksOfOne_AreLeftToRight()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = NewDisposeScope();
        using var inference = inference_mode(true);
        using DiffusionTransformer model = Model();
        int[][] prompts =
        [
            [10, 11, 12],
            [20, 21, 22],
        ];
        int[][] decoded = new BlockwiseDecoder(model, Special).Decode(prompts, newTokens: 4, blockLength: 1);
        foreach ((int[] prompt, int[] actual) in prompts.Zip(decoded))
        {
            int[] canvas = [.. prompt, 5, 5, 5, 5];
            for (int at = 3; at < 7; at++)
            {
                Tensor scores = model.Logits(model.Forward(canvas, AttentionPattern.Full))[at].clone();
                scores[5] = scores[0] = float.NegativeInfinity;
                canvas[at] = (int)scores.argmax().item<long>();
            }
            Assert.Equal(canvas[3..], actual);
        }
    }

    [Fact]
    public void Decode_OneBlock_IsTheCanvasSampler()
    {
        TorchRuntime.EnsureLoaded();
        using DiffusionTransformer model = Model();
        // Eos forbidden: the canvas sampler's rule about what follows one does not come in.
        var special = new SpecialIds(Mask: 5, Eos: 1, Forbidden: [5, 0, 1]);
        int[] actual = new BlockwiseDecoder(model, special).Decode(
            [
                [10, 11, 12],
            ],
            newTokens: 6,
            blockLength: 6
        )[0];
        int[] canvas = [10, 11, 12, 5, 5, 5, 5, 5, 5];
        IReadOnlyList<Generation> expected = new CanvasSampler(model, special).Denoise(
            canvas,
            [new CanvasHole(3, 6)],
            new CanvasSamplerOptions(),
            onStep: null,
            CancellationToken.None
        );
        Assert.Equal(expected[0].NewIds, actual);
    }

    [Fact]
    public void PowerLaw_OfASquareRoot_FindsIt()
    {
        double[] x = [.. Enumerable.Range(1, 50).Select(i => (double)i)];
        (double exponent, double fit) = RunCurves.PowerLaw(x, [.. x.Select(value => 3 * Math.Sqrt(value))]);
        Assert.Equal(0.5, exponent, 9);
        Assert.Equal(1, fit, 9);
        Assert.True(double.IsNaN(RunCurves.PowerLaw([1], [1]).Exponent));
    }

    [Fact]
    public void Figures_SeveralSeeds_AreMeanAndSpread()
    {
        Assert.Equal("20.0 ± 10.0 %", Figures.PercentOf([0.1, 0.2, 0.3]));
        Assert.Equal("10.0 %", Figures.PercentOf([0.1]));
        Assert.Equal("1.5e-3", Figures.Rate(1.5e-3));
        Assert.Equal("7.5e-4", Figures.Rate(0.75e-3));
    }

    private static DiffusionTransformer Model()
    {
        var model = new DiffusionTransformer(
            new ModelConfig
            {
                VocabSize = 40,
                HiddenSize = 16,
                IntermediateSize = 24,
                LayerCount = 2,
                HeadCount = 2,
                KeyValueHeadCount = 1,
                HeadDimension = 8,
                MaxPositionEmbeddings = 32,
                TieWordEmbeddings = true,
            },
            ScalarType.Float32,
            CPU
        );
        WeightInitialization.Randomize(model, 7);
        return model;
    }

    [GeneratedRegex(@"^a=(\d+),b=(\d+),a\+b=(\d+)$")]
    private static partial Regex Sum();
}
