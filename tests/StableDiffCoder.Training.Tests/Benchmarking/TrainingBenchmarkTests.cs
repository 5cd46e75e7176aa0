using System.Text.Json;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Training.Benchmarking;
using StableDiffCoder.Training.Running;

namespace StableDiffCoder.Training.Tests.Benchmarking;

public sealed class TrainingBenchmarkTests
{
    private static readonly ModelShape Tiny = new()
    {
        HiddenSize = 16,
        IntermediateSize = 24,
        LayerCount = 1,
        HeadCount = 2,
        KeyValueHeadCount = 1,
        HeadDimension = 8,
    };

    [Fact]
    public void Of_ArStage_CountsSixAWeightAndAttention()
    {
        var stage = new StageConfig { Kind = StageKind.Ar, Tokens = 1 };
        ModelConfig model = Config(stage).ToModelConfig(100);
        // q 16·16, k and v 16·8 each, o 16·16, three of 16·24.
        Assert.Equal(16 * 16 * 2 + 16 * 8 * 2 + 3 * 16 * 24, TrainingFlops.LayerWeights(model));
        double expected = 10 * (6.0 * TrainingFlops.LayerWeights(model) + 12.0 * 1 * 16 * 64) + 10 * 6.0 * 100 * 16;
        Assert.Equal(expected, TrainingFlops.Of(model, stage, 64, tokens: 10, predictedShare: 1));
    }

    [Fact]
    public void Of_CptStage_CountsTwoPositionsATokenUnlessTheRowIsOneBlock()
    {
        var blocks = new StageConfig { Kind = StageKind.Cpt, Tokens = 1 };
        StageConfig full = blocks with { Noise = new() { BlockLength = 64 } };
        ModelConfig model = Config(blocks).ToModelConfig(100);
        Assert.Equal((2, 1), (TrainingFlops.PositionsPerToken(blocks, 64), TrainingFlops.PositionsPerToken(full, 64)));
        double twice = TrainingFlops.Of(model, blocks, 64, 10, 0.5);
        Assert.Equal(20 * (6.0 * TrainingFlops.LayerWeights(model) + 12.0 * 16 * 128) + 5 * 6.0 * 1600, twice);
        Assert.True(TrainingFlops.Of(model, full, 64, 10, 0.5) < twice / 2);
    }

    [Fact]
    public void Run_TinyModel_MeasuresEveryRateInOneUnit()
    {
        var options = new TrainingBenchmarkOptions
        {
            Model = Tiny,
            VocabularySize = 64,
            ContextLength = 32,
            BatchRows = 2,
            Dtype = "float32",
            Time = TimeSpan.FromMilliseconds(1),
        };
        var told = new List<string>();
        TrainingBenchmarkResult result = TrainingBenchmark.Run(options, new Callback(told.Add), CancellationToken.None);
        Assert.Equal(["ar", "cpt"], result.Stages.Select(stage => stage.Stage));
        Assert.Equal(6, told.Count);
        Assert.All(result.Stages, stage => Assert.Equal(stage.OperationsPerSecond / result.LargeFloat32, stage.ShareOfLarge, 1e-9));
        Assert.All(result.Stages, stage => Assert.Equal(stage.OperationsPerSecond / result.AtShapes, stage.ShareOfShapes, 1e-9));
        Assert.Equal(2 * result.Stages[1].TokensPerSecond, result.Stages[1].PositionsPerSecond, 1e-6);
        Assert.Contains("| training step, cpt |", result.ToTable(), StringComparison.Ordinal);
        Assert.True(JsonDocument.Parse(result.ToJson()).RootElement.GetProperty("large_bfloat16").GetDouble() > 0);
    }

    private static TrainingConfig Config(StageConfig stage) =>
        new()
        {
            Model = Tiny,
            ContextLength = 64,
            Tokenizer = "",
            Train = [],
            Validation = [],
            Out = "",
            Stages = [stage],
        };

    private sealed class Callback(Action<string> action) : IProgress<string>
    {
        public void Report(string value) => action(value);
    }
}
