using StableDiffCoder.Training.Evaluation;
using StableDiffCoder.Training.Evaluation.HumanEval;

namespace StableDiffCoder.Training.Tests.Evaluation;

public sealed class HumanEvalTests : IDisposable
{
    private static readonly string Sample = Path.Combine(AppContext.BaseDirectory, "fixtures", "humaneval", "sample.jsonl");

    // What a bare machine has: programs of the tests are the shell's.
    private static readonly ProgramOptions Shell = new()
    {
        Interpreter = "sh",
        Arguments = [],
        Seconds = 1,
        Megabytes = 64,
    };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Read_PublishedFormat_GivesTasks()
    {
        IReadOnlyList<InfillingTask> tasks = InfillingTask.Read(Sample);
        Assert.Equal(4, tasks.Count);
        Assert.Equal([true, true, false, false], tasks.Select(task => task.IsSingleLine));
        Assert.Equal(
            [HoleKind.SingleLine, HoleKind.SingleLine, HoleKind.RandomSpan, HoleKind.RandomSpan],
            tasks.Select(task => task.ToHole().Kind)
        );
        Assert.Equal("double", tasks[0].EntryPoint);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Program_CanonicalFill_IsWholeFileAndItsCheck(int index)
    {
        InfillingTask task = InfillingTask.Read(Sample)[index];
        string completion = task.Completion(task.ToHole().Counted(task.CanonicalSolution));
        Assert.Equal(task.CanonicalSolution, completion);
        Assert.Equal(
            task.Prompt + task.CanonicalSolution + task.Suffix + "\n" + task.Test + $"\ncheck({task.EntryPoint})\n",
            task.Program(completion)
        );
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("{\"task_id\":\"a\"}")]
    [InlineData("null")]
    public void Read_BadLine_NamesFileAndLine(string line)
    {
        string file = folder.At("tasks.jsonl");
        File.WriteAllText(file, File.ReadAllLines(Sample)[0] + "\n" + line + "\n");
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => InfillingTask.Read(file));
        Assert.Contains($"{file}, line 2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_CodeNotAskedFor_RunsNothing()
    {
        IReadOnlyList<InfillingTask> tasks = InfillingTask.Read(Sample);
        var oracle = new Oracle();
        IReadOnlyList<InfillingScore> scores = await InfillingEvaluation.RunAsync(oracle, tasks, 64, null, null, default);
        Assert.All(scores, score => Assert.Null(score.Passed));
        Assert.All(scores, score => Assert.True(score is { Exact: true, EditSimilarity: 1 }));
    }

    [LinuxTheory]
    [InlineData("exit 0", true, false)]
    [InlineData("echo wrong >&2; exit 3", false, false)]
    [InlineData("while :; do :; done", false, true)]
    [InlineData("cat", true, false)]
    public async Task RunAsync_Programs_PassFailOrRunOutOfTime(string program, bool passes, bool late)
    {
        ProgramOutcome outcome = await LimitedProgram.RunAsync(program, Shell, default);
        Assert.Equal(passes, outcome.Passed);
        // The limits on the clock and on the processor's time are the same: either may come first.
        Assert.True(late || !outcome.TimedOut, "ended before its time");
        Assert.Equal(program.Contains("wrong", StringComparison.Ordinal), outcome.Error.Contains("wrong", StringComparison.Ordinal));
    }

    [LinuxTheory]
    [InlineData("x=aaaaaaaaaaaaaaaa; while [ ${#x} -lt 500000000 ]; do x=$x$x; done")]
    [InlineData("yes > big")]
    public async Task RunAsync_TooMuchMemoryOrDisk_Fails(string program)
    {
        ProgramOutcome outcome = await LimitedProgram.RunAsync(program, Shell with { Seconds = 30 }, default);
        Assert.False(outcome.Passed);
        Assert.False(outcome.TimedOut, "the limit is on memory or files, not on time");
    }

    [LinuxTheory]
    [InlineData("[ -z \"$HOME\" ] && [ \"$(ls)\" = program ]")]
    public async Task RunAsync_Environment_IsEmptyAndSoIsTheFolder(string program) =>
        Assert.True((await LimitedProgram.RunAsync(program, Shell, default)).Passed);

    [Theory]
    [InlineData(0, 64)]
    [InlineData(5, 1)]
    public void Validate_BadLimit_IsRefused(int seconds, int megabytes) =>
        Assert.Throws<ArgumentException>(() => new ProgramOptions { Seconds = seconds, Megabytes = megabytes }.Validate());

    private sealed class Oracle : IHoleFiller
    {
        public string Name => "oracle";

        public Task<HoleFill> FillAsync(Hole hole, int maxNewTokens, CancellationToken cancellationToken) =>
            Task.FromResult(new HoleFill(hole.Counted(hole.Answer), 3, 3, 1));
    }
}

internal sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "Limits on time and memory are set on Linux only.";
        }
    }
}
