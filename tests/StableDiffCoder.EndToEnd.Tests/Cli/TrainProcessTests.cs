using System.Diagnostics;
using System.Text;
using System.Text.Json;
using StableDiffCoder.Engine.Tests;
using StableDiffCoder.Training.Tokenizers;
using StableDiffCoder.Training.Tokens;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

/// <summary><c>train run</c> as a process that is killed, stopped, or runs out of disk: it goes on where it was, to the same weights.</summary>
public sealed class TrainProcessTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public TrainProcessTests()
    {
        string[] documents = [.. Enumerable.Range(0, 12).Select(i => $"class C{i}\n{{\n    int Next() => {i} + value{i % 3};\n}}\n")];
        BpeVocabulary vocabulary = BpeTrainer.Train(
            documents,
            new BpeTrainingOptions { VocabularySize = 272 },
            null,
            CancellationToken.None
        );
        TokenizerJson.Write(vocabulary, folder.File("tokenizer.json"));
        // 256 bytes behind 16 special tokens: an id is a byte.
        TokenShard.Write(
            folder.File("shard.bin"),
            [.. documents.Select(text => Encoding.UTF8.GetBytes(text).Select(value => (ushort)(16 + value)).ToArray())]
        );
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Run_KilledThenStoppedThenResumed_EqualsUninterrupted()
    {
        // Long enough that a signal sent at the second stage's first line arrives before its end.
        const int Updates = 1000;
        byte[] whole = await TrainInProcessAsync("whole", Updates);
        string config = Config("parts", Updates);
        // kill -9 behind a checkpoint, SIGTERM later: the one loses the updates since, the other writes a checkpoint first.
        using (Process killed = Start(config))
        {
            await UntilLineAsync(killed, "ar 8/");
            killed.Kill();
            await killed.WaitForExitAsync();
            Assert.NotEqual(0, killed.ExitCode);
        }
        Assert.NotEmpty(Directory.GetDirectories(folder.File("parts/checkpoints"), "update-*"));
        if (OperatingSystem.IsLinux())
        {
            using Process stopped = Start(config, "--resume");
            await UntilLineAsync(stopped, "cpt ");
            using Process kill = Process.Start("kill", ["-TERM", $"{stopped.Id}"]);
            await stopped.WaitForExitAsync();
            Assert.Equal(130, stopped.ExitCode);
        }
        CliResult resumed = await CliInProcess.RunAsync("", "train", "run", "--config", config, "--resume", "--threads", "1");
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(whole, await File.ReadAllBytesAsync(folder.File("parts/model/model.safetensors")));
    }

    [Fact]
    public async Task Run_NoSpaceForACheckpoint_SaysSoAndResumes()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }
        string config = Config("full");
        // A limit on the size of files, with its signal ignored: writing the weights fails halfway, as on a full disk.
        ProcessStartInfo start = CliProcess.StartInfo("train", "run", "--config", config, "--threads", "1");
        string[] command = [start.FileName, .. start.ArgumentList];
        start.FileName = "bash";
        start.ArgumentList.Clear();
        foreach (string argument in (string[])["-c", "trap '' XFSZ; ulimit -f 40; exec \"$@\"", "bash", .. command])
        {
            start.ArgumentList.Add(argument);
        }
        // The runtime's own shared memory is a file too.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        CliResult failed = await CliProcess.RunAsync(start, "");
        Assert.True(failed.ExitCode == 1, failed.Error);
        Assert.Contains("Free space and resume", failed.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(folder.File("full/checkpoints")));

        CliResult resumed = await CliInProcess.RunAsync("", "train", "run", "--config", config, "--resume", "--threads", "1");
        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(await TrainInProcessAsync("whole"), await File.ReadAllBytesAsync(folder.File("full/model/model.safetensors")));
    }

    private async Task<byte[]> TrainInProcessAsync(string output, int diffusionUpdates = 12)
    {
        string config = Config(output, diffusionUpdates);
        CliResult result = await CliInProcess.RunAsync("", "train", "run", "--config", config, "--threads", "1");
        Assert.True(result.ExitCode == 0, result.Error);
        return await File.ReadAllBytesAsync(folder.File($"{output}/model/model.safetensors"));
    }

    private static Process Start(string config, params string[] more) =>
        Process.Start(CliProcess.StartInfo(["train", "run", "--config", config, "--threads", "1", .. more]))!;

    // Every validated update prints a line, such as "cpt 4/12 · loss …".
    private static async Task UntilLineAsync(Process process, string start)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var seen = new List<string>();
        while (await process.StandardError.ReadLineAsync(patience.Token) is string line)
        {
            if (line.StartsWith(start, StringComparison.Ordinal))
            {
                return;
            }
            seen.Add(line);
        }
        await process.WaitForExitAsync(patience.Token);
        Assert.Fail(
            $"The run ended with {process.ExitCode} before a line that starts with '{start}':\n{string.Join('\n', seen.TakeLast(20))}"
        );
    }

    private string Config(string output, int diffusionUpdates = 12)
    {
        string path = folder.File($"{output}.json");
        File.WriteAllText(
            path,
            JsonSerializer.Serialize(
                new
                {
                    model = new
                    {
                        hidden_size = 16,
                        intermediate_size = 32,
                        layer_count = 1,
                        head_count = 2,
                        key_value_head_count = 1,
                        head_dimension = 8,
                    },
                    tokenizer = "tokenizer.json",
                    train = (string[])["shard.bin"],
                    validation = (string[])["shard.bin"],
                    @out = output,
                    context_length = 64,
                    batch_rows = 2,
                    dtype = "float32",
                    checkpoint_every = 3,
                    validate_every = 4,
                    validation_rows = 2,
                    stages = (object[])[new { kind = "ar", tokens = 128 * 12 }, new { kind = "cpt", tokens = 128 * diffusionUpdates }],
                }
            )
        );
        return path;
    }
}
