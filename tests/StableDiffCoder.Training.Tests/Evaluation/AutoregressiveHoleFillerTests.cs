using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Weights;
using StableDiffCoder.Training.Evaluation;
using StableDiffCoder.Training.Running;
using StableDiffCoder.Training.Tests.Running;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Tests.Evaluation;

public sealed class AutoregressiveHoleFillerTests : IDisposable
{
    private readonly TinyCorpus corpus = new();
    private readonly string folder;

    public AutoregressiveHoleFillerTests()
    {
        object[] stages =
        [
            new
            {
                kind = "ar",
                tokens = 128 * 40,
                learning_rate = new { peak = 1e-2 },
            },
        ];
        folder = new TrainingRun(TrainingConfig.Read(corpus.WriteConfig("twin", stages)), null).Run(false, CancellationToken.None);
    }

    public void Dispose() => corpus.Dispose();

    [Theory]
    [InlineData(HoleKind.InLine)]
    [InlineData(HoleKind.MultiLine)]
    public async Task FillAsync_CachedSteps_EqualWholeForwards(HoleKind kind)
    {
        using LoadedModel model = LoadedModel.Load(folder, new ModelLoadOptions { DataType = "float32" }, null, CancellationToken.None);
        var hole = new Hole("a", kind, "public sealed class Counter3\n{\n    private ", "\n\n    public int Next()\n", "int count = 3;");
        HoleFill fill = await new AutoregressiveHoleFiller(model).FillAsync(hole, 12, CancellationToken.None);
        int[] expected = Greedy(model, hole, 12);
        Assert.Equal(hole.Counted(model.Tokenizer.Decode(expected)), fill.Text);
        Assert.Equal(expected.Length, fill.Tokens);
        Assert.InRange(fill.Forwards, fill.Tokens, fill.Tokens + 1);
    }

    [Fact]
    public void Engine_OfAModelThatPredictsTheNextToken_RefusesIt()
    {
        using LoadedModel model = LoadedModel.Load(folder, new ModelLoadOptions { DataType = "float32" }, null, CancellationToken.None);
        Assert.True(model.Config.LogitShift);
        ModelLoadException error = Assert.Throws<ModelLoadException>(() =>
            new InfillEngine(model, new StableDiffCoder.Engine.Runtime.InferenceWorker())
        );
        Assert.Contains("logit_shift", error.Message, StringComparison.Ordinal);
    }

    // Every step runs the whole text anew, without a cache.
    private static int[] Greedy(LoadedModel model, Hole hole, int most)
    {
        using var inference = inference_mode(true);
        using var scope = NewDisposeScope();
        List<int> ids = [.. model.FimPrompt(hole.Prefix, hole.Suffix, most)];
        int start = ids.Count;
        while (ids.Count - start < most)
        {
            Tensor scores = model.Transformer.Logits(model.Transformer.Forward([.. ids], AttentionPattern.Causal))[-1].clone();
            foreach (int forbidden in model.SpecialIds.Forbidden)
            {
                scores[forbidden] = float.NegativeInfinity;
            }
            int next = (int)scores.argmax().item<long>();
            if (next == model.SpecialIds.Eos)
            {
                break;
            }
            ids.Add(next);
            if (hole.EndsWithItsLine && model.Tokenizer.Decode([.. ids[start..]]).Contains('\n', StringComparison.Ordinal))
            {
                break;
            }
        }
        return [.. ids[start..]];
    }
}
