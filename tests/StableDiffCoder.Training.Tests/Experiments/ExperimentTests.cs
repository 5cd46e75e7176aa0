using System.Text.Json;
using System.Xml.Linq;
using StableDiffCoder.Training.Experiments;
using StableDiffCoder.Training.Experiments.Reporting;
using StableDiffCoder.Training.Running;
using StableDiffCoder.Training.Tests.Running;

namespace StableDiffCoder.Training.Tests.Experiments;

public sealed class ExperimentTests : IDisposable
{
    private readonly TinyCorpus corpus = new();
    private readonly List<string> told = [];

    public ExperimentTests()
    {
        string tokens = Path.Combine(corpus.Root, "tokens");
        string text = Path.Combine(corpus.Root, "corpus");
        Directory.CreateDirectory(tokens);
        Directory.CreateDirectory(text);
        File.Copy(Path.Combine(corpus.Root, "train.bin"), Path.Combine(tokens, "train-00000.bin"));
        File.Copy(Path.Combine(corpus.Root, "validation.bin"), Path.Combine(tokens, "validation-00000.bin"));
        File.WriteAllLines(
            Path.Combine(text, "test-00000.jsonl"),
            TinyCorpus
                .Documents.Take(8)
                .Select(
                    (document, i) =>
                        JsonSerializer.Serialize(
                            new
                            {
                                path = $"{i}.cs",
                                style = "original",
                                text = document,
                            }
                        )
                )
        );
    }

    public void Dispose() => corpus.Dispose();

    public static TheoryData<string> Names => [.. ExperimentCatalog.All.Select(experiment => experiment.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_Tiny_GivesTablesPlotsAndFindings_AndIsNotMadeTwice(string name)
    {
        IExperiment experiment = ExperimentCatalog.Find(name);
        ExperimentContext context = Context();
        ExperimentResult result = experiment.Run(context);

        Assert.NotEmpty(told);
        Assert.NotEmpty(context.Runs);
        Assert.NotEmpty(result.Findings);
        Assert.All(result.Tables, table => Assert.NotEmpty(table.Rows));
        Assert.All(result.Tables, table => Assert.All(table.Rows, row => Assert.Equal(table.Columns.Count, row.Count)));
        Assert.All(result.Plots, plot => Assert.All(plot.Series, series => Assert.Equal(series.X.Count, series.Y.Count)));

        string folder = ExperimentReport.Write(experiment, result, context);
        Assert.Contains(result.Findings[0], File.ReadAllText(Path.Combine(folder, "result.md")), StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(folder, "*.svg"), file => Assert.Equal("svg", XDocument.Load(file).Root!.Name.LocalName));
        Assert.Equal(result.Plots.Count, Directory.GetFiles(folder, "*.svg").Length);
        Assert.Contains("plotly", File.ReadAllText(Path.Combine(folder, "plots.html")), StringComparison.OrdinalIgnoreCase);

        told.Clear();
        ExperimentResult again = experiment.Run(Context());
        Assert.Empty(told);
        Assert.Equal(JsonSerializer.Serialize(result), JsonSerializer.Serialize(again));
    }

    [Fact]
    public void Train_OtherConfigUnderTheSameName_IsRefused()
    {
        TrainingConfig config = TrainingConfig.Read(corpus.WriteConfig("x", new object[] { new { kind = "ar", tokens = 128 } }));
        Context().Train("same", config);
        TrainingException error = Assert.Throws<TrainingException>(() => Context().Train("same", config with { Seed = 2 }));
        Assert.Contains("another config", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_Interrupted_GoesOnToTheSameModel()
    {
        TrainingConfig config = TrainingConfig.Read(corpus.WriteConfig("x", new object[] { new { kind = "ar", tokens = 128 * 8 } }));
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Context(new Callback(_ => stop.Cancel()), stop.Token).Train("parts", config));
        TrainedRun resumed = Context().Train("parts", config);
        TrainedRun whole = Context().Train("whole", config);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(whole.Model, "model.safetensors")),
            File.ReadAllBytes(Path.Combine(resumed.Model, "model.safetensors"))
        );
        Assert.Equal(8, resumed.Metrics.Count);
    }

    [Fact]
    public void Open_DataIsMissing_NamesWhat()
    {
        Directory.Delete(Path.Combine(corpus.Root, "tokens"), recursive: true);
        TrainingException error = Assert.Throws<TrainingException>(() => ExperimentData.Open(corpus.Root));
        Assert.Contains("train-*.bin", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_UnknownName_ListsTheKnown()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => ExperimentCatalog.Find("alchemy"));
        Assert.Contains("clipped-noise", error.Message, StringComparison.Ordinal);
    }

    private ExperimentContext Context(IProgress<string>? progress = null, CancellationToken cancellationToken = default) =>
        new()
        {
            Scale = ExperimentScale.Tiny,
            OutDirectory = Path.Combine(corpus.Root, "experiments"),
            OpenData = () => ExperimentData.Open(corpus.Root),
            Dtype = "float32",
            Threads = 1,
            Progress = progress ?? new Callback(told.Add),
            CancellationToken = cancellationToken,
        };

    private sealed class Callback(Action<string> action) : IProgress<string>
    {
        public void Report(string value) => action(value);
    }
}
