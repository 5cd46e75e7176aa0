using System.Collections.Concurrent;
using StableDiffCoder.Training.Running;
using StableDiffCoder.Training.Tokens;

namespace StableDiffCoder.Training.Tests.Running;

/// <summary>What goes wrong in a run ends with a message, and the run goes on from its last checkpoint.</summary>
public sealed class TrainingFailureTests : IDisposable
{
    private readonly TinyCorpus corpus = new();

    private static readonly string[] OtherShard = ["other.bin"];

    private static readonly object Sane = new { kind = "ar", tokens = 640 };

    private static readonly object Diverging = new
    {
        kind = "ar",
        tokens = 1280,
        learning_rate = new { peak = 1e30, warmup_share = 0.0 },
    };

    public void Dispose() => corpus.Dispose();

    [Fact]
    public void Run_LossIsNotANumber_StopsAndTheLastCheckpointResumes()
    {
        string diverging = corpus.WriteConfig("diverging", new[] { Sane, Diverging }, new { checkpoint_every = 100, validate_every = 100 });
        TrainingException error = Assert.Throws<TrainingException>(() => Train(diverging, resume: false));
        Assert.Contains("learning_rate", error.Message, StringComparison.Ordinal);
        Assert.Contains("stage 1", error.Message, StringComparison.Ordinal);

        string mended = corpus.WriteConfig("diverging", new[] { Sane, Sane });
        string whole = corpus.WriteConfig("whole", new[] { Sane, Sane });
        Assert.Equal(Weights(Train(whole, resume: false)), Weights(Train(mended, resume: true)));
    }

    [Theory]
    [InlineData("train")]
    [InlineData("validation")]
    public void Run_ShardIsMissing_NamesItAndWritesNothing(string field)
    {
        string config = corpus.WriteConfig(
            "missing",
            new[] { Sane },
            new Dictionary<string, string[]> { [field] = ["train.bin", "gone.bin"] }
        );
        TrainingException error = Assert.Throws<TrainingException>(() => Train(config, resume: false));
        Assert.Contains("gone.bin", error.Message, StringComparison.Ordinal);
        Assert.Contains($"'{field}'", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(corpus.Root, "missing")));
    }

    [Fact]
    public void Run_ShardOfAnotherTokenizer_IsRefused()
    {
        TokenShard.Write(
            Path.Combine(corpus.Root, "other.bin"),
            [
                [1, 2, 4000],
            ]
        );
        string config = corpus.WriteConfig("other", new[] { Sane }, new { train = OtherShard });
        TrainingException error = Assert.Throws<TrainingException>(() => Train(config, resume: false));
        Assert.Contains("4000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_CheckpointCannotBeWritten_SaysSoAndTheLastOneResumes()
    {
        string path = corpus.WriteConfig("blocked", new[] { Sane, Sane });
        // A file stands where the fourth checkpoint's folder would be made: nothing can be written below it.
        string blocked = Path.Combine(corpus.Root, "blocked", "checkpoints", "update-00000009.partial");
        Directory.CreateDirectory(Path.GetDirectoryName(blocked)!);
        File.WriteAllText(blocked, "");
        TrainingException error = Assert.Throws<TrainingException>(() => Train(path, resume: false));
        Assert.Contains("update-00000009", error.Message, StringComparison.Ordinal);
        Assert.Contains("intact", error.Message, StringComparison.Ordinal);

        File.Delete(blocked);
        string whole = corpus.WriteConfig("whole", new[] { Sane, Sane });
        Assert.Equal(Weights(Train(whole, resume: false)), Weights(Train(path, resume: true)));
    }

    [Fact]
    public void Run_DiskIsFullForMetrics_SaysSo()
    {
        if (!File.Exists("/dev/full"))
        {
            return;
        }
        string output = Path.Combine(corpus.Root, "full");
        Directory.CreateDirectory(output);
        File.CreateSymbolicLink(Path.Combine(output, "metrics.jsonl"), "/dev/full");
        TrainingException error = Assert.Throws<TrainingException>(() => Train(corpus.WriteConfig("full", new[] { Sane }), resume: false));
        Assert.Contains("metrics.jsonl", error.Message, StringComparison.Ordinal);
        Assert.Contains("Free space", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_CheckpointReplacedHalfway_IsPutBack()
    {
        string path = corpus.WriteConfig("halfway", new[] { Sane });
        Train(path, resume: false);
        string newest = Checkpoints("halfway").Last();
        Directory.Move(newest, newest + ".replaced");
        string longer = corpus.WriteConfig("halfway", new[] { Sane, Sane });
        string whole = corpus.WriteConfig("whole", new[] { Sane, Sane });
        Assert.Equal(Weights(Train(whole, resume: false)), Weights(Train(longer, resume: true)));
        Assert.DoesNotContain(Checkpoints("halfway"), folder => folder.EndsWith(".replaced", StringComparison.Ordinal));
    }

    // Killed between a checkpoint's two files, a run would leave half a checkpoint, and no resumed one would get past it.
    [Fact]
    public async Task Run_OldCheckpoints_AreNeverDeletedUnderTheirOwnName()
    {
        string folder = Path.Combine(corpus.Root, "renamed", "checkpoints");
        Directory.CreateDirectory(folder);
        var deleted = new ConcurrentQueue<string>();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(folder) { EnableRaisingEvents = true };
        watcher.Deleted += (_, change) => deleted.Enqueue(change.Name!);
        watcher.Created += (_, change) =>
        {
            if (change.Name == "last")
            {
                last.SetResult();
            }
        };
        Train(corpus.WriteConfig("renamed", new[] { Sane }, new { checkpoint_every = 1, keep_checkpoints = 1 }), resume: false);
        Directory.CreateDirectory(Path.Combine(folder, "last"));
        await last.Task.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.NotEmpty(deleted);
        Assert.All(deleted, name => Assert.False(int.TryParse(name["update-".Length..], out _), name));
    }

    [Fact]
    public void Run_KilledWhileACheckpointWasDropped_GoesOnWithoutIt()
    {
        string path = corpus.WriteConfig("dropped", new[] { Sane });
        Train(path, resume: false);
        string half = Path.Combine(Path.GetDirectoryName(Checkpoints("dropped").Last())!, "update-00000000.dropped");
        Directory.CreateDirectory(half);
        Train(corpus.WriteConfig("dropped", new[] { Sane, Sane }), resume: true);
        Assert.False(Directory.Exists(half));
    }

    [Fact]
    public void Run_ManyCheckpoints_KeepsTheNewestAndTheBest()
    {
        var seen = new List<TrainingMetrics>();
        // A rate that learns and then destroys: the best validation loss comes early.
        object stage = new
        {
            kind = "ar",
            tokens = 128 * 24,
            learning_rate = new { peak = 3.0, warmup_share = 0.9 },
        };
        string path = corpus.WriteConfig(
            "best",
            new[] { stage },
            new
            {
                checkpoint_every = 2,
                keep_checkpoints = 1,
                validate_every = 2,
            }
        );
        new TrainingRun(TrainingConfig.Read(path), new Callback(seen.Add)).Run(resume: false, CancellationToken.None);
        TrainingMetrics best = seen.Where(metrics => metrics.ValidationLoss is not null).MinBy(metrics => metrics.ValidationLoss)!;
        Assert.True(best.Update < 24, "the last update is not the best, else this test shows nothing");
        Assert.Equal(
            [$"update-{best.Update:D8}", "update-00000024"],
            Checkpoints("best").Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)
        );
        string exported = Path.Combine(corpus.Root, "exported");
        TrainingPosition position = new TrainingRun(TrainingConfig.Read(path), null).Export(exported, best: true);
        Assert.Equal((best.Update, best.ValidationLoss), ((int)position.OptimizerSteps, position.ValidationLoss));
        Assert.True(File.Exists(Path.Combine(exported, "model.safetensors")));
    }

    [Fact]
    public void Export_NoCheckpointYet_SaysSo()
    {
        string path = corpus.WriteConfig("none", new[] { Sane });
        TrainingException error = Assert.Throws<TrainingException>(() =>
            new TrainingRun(TrainingConfig.Read(path), null).Export(Path.Combine(corpus.Root, "x"), best: false)
        );
        Assert.Contains("no checkpoint", error.Message, StringComparison.Ordinal);
    }

    private IEnumerable<string> Checkpoints(string run) =>
        Directory.GetDirectories(Path.Combine(corpus.Root, run, "checkpoints")).Order(StringComparer.Ordinal);

    private static byte[] Weights(string folder) => File.ReadAllBytes(Path.Combine(folder, "model.safetensors"));

    private static string Train(string config, bool resume) =>
        new TrainingRun(TrainingConfig.Read(config), null).Run(resume, CancellationToken.None);

    private sealed class Callback(Action<TrainingMetrics> action) : IProgress<TrainingMetrics>
    {
        public void Report(TrainingMetrics value) => action(value);
    }
}
