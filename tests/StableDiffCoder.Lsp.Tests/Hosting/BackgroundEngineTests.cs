using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Hosting;

public sealed class BackgroundEngineTests
{
    private static readonly LanguageServerOptions Quick = new() { ModelRetryTime = TimeSpan.FromMilliseconds(5) };

    [Fact]
    public async Task Model_FilesChange_IsLoadedAgain()
    {
        var source = new ScriptedSource { Broken = true };
        await using var engine = new BackgroundEngine(source, Quick, NullLogger.Instance);
        engine.Choose(new ModelOptions());
        ModelLoad first = await engine.Loads.ReadAsync();
        Assert.Equal("no such file", (await first.Outcome)?.Message);
        Assert.Equal(ModelState.Failed, engine.State);
        Assert.Equal("no such file", engine.Problem);

        source.Broken = false;
        source.Fingerprint = "mended";
        ModelLoad second = await engine.Loads.ReadAsync();
        Assert.Null(await second.Outcome);
        Assert.Equal(ModelState.Ready, engine.State);
        Assert.Same(source.Engines.Single(), engine.Ready);
        Assert.Equal(2, source.Loads);
    }

    [Fact]
    public async Task Model_NothingChanges_IsNotTriedAgain()
    {
        var source = new ScriptedSource { Broken = true };
        await using var engine = new BackgroundEngine(source, Quick, NullLogger.Instance);
        engine.Choose(new ModelOptions());
        await source.LookedAsync(20);
        Assert.Equal(1, source.Loads);
    }

    [Fact]
    public async Task Choose_Another_UnloadsTheFirst()
    {
        var source = new ScriptedSource();
        await using var engine = new BackgroundEngine(source, Quick, NullLogger.Instance);
        engine.Choose(new ModelOptions { Path = "a" });
        var first = (ScriptedEngine)await engine.WaitAsync(default);
        Assert.Null(await (await engine.Loads.ReadAsync()).Outcome);
        engine.Choose(new ModelOptions { Path = "a" });
        engine.Choose(new ModelOptions { Path = "b" });
        Assert.Null(await (await engine.Loads.ReadAsync()).Outcome);
        Assert.True(first.IsDisposed);
        Assert.NotSame(first, await engine.WaitAsync(default));
        Assert.Equal(["a", "b"], source.Chosen);
    }

    [Fact]
    public async Task Choose_WhileLoading_StopsThatLoad()
    {
        var source = new ScriptedSource { HangsOn = "slow" };
        await using var engine = new BackgroundEngine(source, Quick, NullLogger.Instance);
        engine.Choose(new ModelOptions { Path = "slow" });
        ModelLoad slow = await engine.Loads.ReadAsync();
        engine.Choose(new ModelOptions { Path = "quick" });
        Assert.Null(await slow.Outcome);
        Assert.NotNull(await engine.WaitAsync(default));
    }

    [Fact]
    public async Task Model_NeedsMoreMemoryThanThereIs_IsRefusedAndLoadedWhenItFits()
    {
        var source = new ScriptedSource { NeededBytes = 1L << 60 };
        await using var engine = new BackgroundEngine(source, Quick, NullLogger.Instance);
        engine.Choose(new ModelOptions());
        Exception? failure = await (await engine.Loads.ReadAsync()).Outcome;
        Assert.Matches(@"needs 1152921504\.6 GB of memory, [\d.]+ are free", failure?.Message);
        Assert.Equal(0, source.Loads);
        source.NeededBytes = 1;
        Assert.Null(await (await engine.Loads.ReadAsync()).Outcome);
        Assert.Equal(1, source.Loads);
    }

    [Fact]
    public async Task Model_MemoryCheckIsOff_IsLoaded()
    {
        var source = new ScriptedSource { NeededBytes = 1L << 60 };
        await using var engine = new BackgroundEngine(source, Quick, NullLogger.Instance);
        engine.Choose(new ModelOptions { CheckMemory = false });
        Assert.Null(await (await engine.Loads.ReadAsync()).Outcome);
    }

    [Fact]
    public async Task Dispose_WhileWaitingForChange_Ends()
    {
        var engine = new BackgroundEngine(new ScriptedSource { Broken = true }, new LanguageServerOptions(), NullLogger.Instance);
        engine.Choose(new ModelOptions());
        await (await engine.Loads.ReadAsync()).Outcome;
        await engine.DisposeAsync();
        Assert.Null(engine.Ready);
    }

    [Theory]
    [InlineData("MemTotal: 8 kB\nMemAvailable:    1234 kB\n", 1234L * 1024)]
    [InlineData("MemTotal: 8 kB\n", null)]
    [InlineData("MemAvailable: many kB", null)]
    public void AvailableMemory_OfMeminfo_IsRead(string text, long? expected) => Assert.Equal(expected, AvailableMemory.ParseMeminfo(text));

    [Fact]
    public void AvailableMemory_OfThisMachine_IsPlausible() =>
        Assert.InRange(AvailableMemory.Bytes(), 1 << 20, GC.GetGCMemoryInfo(GCKind.Any).TotalAvailableMemoryBytes);

    /// <summary>Models that come and go as the test says: real ones take real gigabytes.</summary>
    private sealed class ScriptedSource : IModelSource
    {
        private readonly Channel<int> looks = Channel.CreateUnbounded<int>();
        private int loads;

        public volatile bool Broken;
        public volatile string Fingerprint = "first";

        public string? HangsOn { get; init; }

        public long? NeededBytes { get; set; }

        public int Loads => loads;

        public ConcurrentQueue<string?> Chosen { get; } = new();

        public ConcurrentQueue<IInfillEngine> Engines { get; } = new();

        public async Task LookedAsync(int times)
        {
            for (int i = 0; i < times; i++)
            {
                await looks.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));
            }
        }

        public ModelSighting Look(ModelOptions model)
        {
            looks.Writer.TryWrite(0);
            return new ModelSighting(Fingerprint, NeededBytes);
        }

        public async Task<IInfillEngine> LoadAsync(
            ModelOptions model,
            IProgress<ModelLoadProgress> progress,
            CancellationToken cancellationToken
        )
        {
            Interlocked.Increment(ref loads);
            Chosen.Enqueue(model.Path);
            await Task.Delay(model.Path == HangsOn && HangsOn is not null ? Timeout.Infinite : 0, cancellationToken);
            if (Broken)
            {
                throw new InvalidDataException("no such file");
            }
            var engine = new ScriptedEngine();
            Engines.Enqueue(engine);
            return engine;
        }
    }
}
