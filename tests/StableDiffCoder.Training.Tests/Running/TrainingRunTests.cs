using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Engine.Weights;
using StableDiffCoder.Training.Running;
using StableDiffCoder.Training.Sft;
using static TorchSharp.torch;

namespace StableDiffCoder.Training.Tests.Running;

public sealed class TrainingRunTests : IDisposable
{
    private readonly TinyCorpus corpus = new();

    // 128 tokens an update: 5 updates of ar, 6 of cpt.
    private static readonly object TwoStages = new object[] { new { kind = "ar", tokens = 640 }, new { kind = "cpt", tokens = 768 } };

    public void Dispose() => corpus.Dispose();

    [Fact]
    public void Run_TwoStages_WritesAFolderThatTheEngineLoads()
    {
        var seen = new List<TrainingMetrics>();
        string folder = Train(corpus.WriteConfig("whole", TwoStages), resume: false, seen);
        ModelDirectory directory = ModelDirectory.Open(folder);
        Assert.Equal(4, directory.Config.BlockLength);
        Assert.Equal(InfillOrder.Fim, directory.Config.InfillOrder);
        using var model = new DiffusionTransformer(directory.Config, ScalarType.Float32, CPU);
        using (no_grad())
        {
            WeightLoader.Load(directory, model.Weights);
        }
        Assert.Equal(11, seen.Count);
        Assert.Equal(["ar", "cpt"], seen.Select(metrics => metrics.Stage).Distinct());
        Assert.All(seen, metrics => Assert.True(double.IsFinite(metrics.Loss) && metrics.GradientNorm >= 0));
        Assert.All(seen.Where(metrics => metrics.Update == metrics.Updates), metrics => Assert.True(metrics.ValidationLoss > 0));
        Assert.Equal(11, File.ReadLines(Path.Combine(corpus.Root, "whole", "metrics.jsonl")).Count());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Run_StoppedAndResumed_EqualsUninterruptedToTheBit(bool muon)
    {
        object extra = new { optimizer = new { muon } };
        string whole = Train(corpus.WriteConfig("whole", TwoStages, extra), resume: false, []);
        string interrupted = corpus.WriteConfig("parts", TwoStages, extra);
        // Stopped in the middle of the first stage and again in the second, off the checkpoint grid.
        foreach (int updates in (int[])[2, 5])
        {
            using var stop = new CancellationTokenSource();
            int count = 0;
            Assert.ThrowsAny<OperationCanceledException>(() =>
                new TrainingRun(
                    TrainingConfig.Read(interrupted),
                    new Callback(_ =>
                    {
                        if (++count == updates)
                        {
                            stop.Cancel();
                        }
                    })
                ).Run(resume: true, stop.Token)
            );
        }
        string resumed = Train(interrupted, resume: true, []);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole, "model.safetensors")),
            File.ReadAllBytes(Path.Combine(resumed, "model.safetensors"))
        );
    }

    [Fact]
    public void Run_LastStageWithLongerRows_TrainsOnThemAndRecordsTheirPositions()
    {
        object stages = new object[]
        {
            new { kind = "ar", tokens = 256 },
            new
            {
                kind = "cpt",
                tokens = 256,
                context_length = 128,
            },
        };
        string path = corpus.WriteConfig("longer", stages);
        var seen = new List<TrainingMetrics>();
        string folder = Train(path, resume: false, seen);
        Assert.Equal([128, 256, 384, 512], seen.Select(metrics => metrics.Tokens));
        Assert.Equal(128, ModelDirectory.Open(folder).Config.MaxPositionEmbeddings);
        TrainingConfig config = TrainingConfig.Read(path);
        Assert.Equal((64, 2), (config.For(config.Stages[0]).ContextLength, config.For(config.Stages[0]).BatchRows));
        Assert.Equal((128, 1), (config.For(config.Stages[1]).ContextLength, config.For(config.Stages[1]).BatchRows));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(48)]
    [InlineData(256)]
    public void Read_StageContextThatDoesNotDivideAnUpdate_NamesIt(int length)
    {
        string path = corpus.WriteConfig(
            "uneven",
            new object[]
            {
                new
                {
                    kind = "ar",
                    tokens = 256,
                    context_length = length,
                },
            }
        );
        TrainingException error = Assert.Throws<TrainingException>(() => TrainingConfig.Read(path));
        Assert.Contains("stages.context_length", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_CheckpointsInTheWay_RefusesWithoutResume()
    {
        string path = corpus.WriteConfig("again", new object[] { new { kind = "ar", tokens = 128 } });
        Train(path, resume: false, []);
        TrainingException error = Assert.Throws<TrainingException>(() => Train(path, resume: false, []));
        Assert.Contains("--resume", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_FewDocuments_LearnsThem()
    {
        var seen = new List<TrainingMetrics>();
        object stages = new object[]
        {
            new
            {
                kind = "ar",
                tokens = 128 * 60,
                learning_rate = new { peak = 1e-2 },
            },
        };
        Train(corpus.WriteConfig("overfit", stages), resume: false, seen);
        Assert.True(seen.TakeLast(5).Average(m => m.Loss) < 0.6 * seen[0].Loss, $"{seen[0].Loss} -> {seen[^1].Loss}");
    }

    [Theory]
    [InlineData("batch_rows", 0)]
    [InlineData("context_length", 3)]
    [InlineData("fim_share", 2)]
    [InlineData("no_such_field", 1)]
    public void Read_BadField_NamesIt(string field, int value)
    {
        string path = corpus.WriteConfig("bad", TwoStages, new Dictionary<string, int> { [field] = value });
        TrainingException error = Assert.Throws<TrainingException>(() => TrainingConfig.Read(path));
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_SftStage_LearnsTheAnswersAndWritesTheChatTemplate()
    {
        EditSample[] samples =
        [
            .. Enumerable.Range(0, 4).Select(i => new EditSample("k", $"set {i}", "int a;", $"int a = {i};", "", "", "f.cs")),
        ];
        EditShard.Write(Path.Combine(corpus.Root, "edits.jsonl"), samples);
        object stages = new object[]
        {
            new { kind = "ar", tokens = 512 },
            new
            {
                kind = "sft",
                tokens = 512 * 50,
                learning_rate = new { peak = 1e-2 },
                replay_share = 0.1,
            },
        };
        string[] edits = ["edits.jsonl"];
        object extra = new
        {
            context_length = 256,
            edits,
            validation_edits = edits,
        };
        var seen = new List<TrainingMetrics>();
        string folder = Train(corpus.WriteConfig("sft", stages, extra), resume: false, seen);
        TrainingMetrics[] sft = [.. seen.Where(metrics => metrics.Stage == "sft")];
        Assert.True(sft[^1].ValidationLoss < 0.7 * sft.First(metrics => metrics.ValidationLoss is not null).ValidationLoss);
        Assert.NotNull(ChatTemplate.Load(folder, corpus.Tokenizer));
    }

    [Fact]
    public void Read_SftStageWithoutEdits_NamesTheField()
    {
        string path = corpus.WriteConfig("bad", new object[] { new { kind = "sft", tokens = 128 } });
        TrainingException error = Assert.Throws<TrainingException>(() => TrainingConfig.Read(path));
        Assert.Contains("'edits'", error.Message, StringComparison.Ordinal);
    }

    private static string Train(string config, bool resume, List<TrainingMetrics> seen) =>
        new TrainingRun(TrainingConfig.Read(config), new Callback(seen.Add)).Run(resume, CancellationToken.None);

    private sealed class Callback(Action<TrainingMetrics> action) : IProgress<TrainingMetrics>
    {
        public void Report(TrainingMetrics value) => action(value);
    }
}
