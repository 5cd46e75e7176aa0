using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using StableDiffCoder.Engine.Tests;
using StableDiffCoder.Engine.Tests.Infilling;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

/// <summary>What only a real process shows: exit codes, streams, signals, a terminal.</summary>
public sealed class ProcessTests : IDisposable
{
    private const int Interrupt = 2;

    private readonly InfillCheckpoint checkpoint = new();

    public void Dispose() => checkpoint.Dispose();

    [Fact]
    public async Task Version_Process_PrintsTheVersionAlone()
    {
        CliResult result = await CliProcess.RunAsync("--version");
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+\S*\n$", result.Output);
        Assert.Empty(result.Error);
    }

    [Fact]
    public async Task Generate_Process_LoadsTorchByItselfAndAnswersFromTheEnvironmentsModel()
    {
        ProcessStartInfo start = CliProcess.StartInfo("generate", "--jsonl", "-");
        start.Environment["STABLE_DIFFCODER_MODEL"] = checkpoint.Path;
        CliResult result = await CliProcess.RunAsync(start, "{\"ids\":[12,13],\"gen_length\":8}\n{\"ids\":[12,13],\"gen_length\":7}\n");
        Assert.Equal(2, result.ExitCode);
        JsonElement[] lines = result.JsonLines();
        Assert.Equal(8, lines[0].GetProperty("new_ids").GetArrayLength());
        Assert.True(lines[1].TryGetProperty("error", out _));
        Assert.Contains("(stdin):2: ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tokenize_Process_AnswersEachLineBeforeTheNextAndEndsOnCtrlC()
    {
        using Process process = Process.Start(CliProcess.StartInfo("tokenize", "--jsonl", "-", "--model", checkpoint.Path))!;
        try
        {
            foreach (string text in (string[])["a", "né 😀"])
            {
                await process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { text }));
                await process.StandardInput.FlushAsync();
                string? answer = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
                Assert.StartsWith("{\"ids\":[", answer, StringComparison.Ordinal);
            }
            if (OperatingSystem.IsWindows())
            {
                return;
            }
            Assert.Equal(0, Kill(process.Id, Interrupt));
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
            Assert.Equal(130, process.ExitCode);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task Edit_InterruptedWhileDenoising_LeavesTheFileAndExitsWith130()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        using var slow = new InfillCheckpoint(eosWeight: 0, maxPositions: 8192);
        await File.WriteAllTextAsync(slow.FilePath(ChatTemplate.FileName), ChatTemplate.SeedCoder);
        await File.WriteAllTextAsync(slow.FilePath("a.cs"), "int x = 1;\n");
        string[] edit = ["edit", slow.FilePath("a.cs"), "--span", "1:1-2:1", "--instruction", "rename x", "--write"];
        using Process process = Process.Start(CliProcess.StartInfo([.. edit, "--max-new-tokens", "4000", "--model", slow.Path]))!;
        try
        {
            Assert.StartsWith("forward ", await ErrorLineAsync(process), StringComparison.Ordinal);
            Assert.Equal(0, Kill(process.Id, Interrupt));
            Assert.Equal("stable-diffcoder: interrupted", await ErrorLineAsync(process));
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
            Assert.Equal(130, process.ExitCode);
            Assert.Equal("int x = 1;\n", await File.ReadAllTextAsync(slow.FilePath("a.cs")));
            Assert.Empty(Directory.GetFiles(slow.Path, "*.tmp"));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static async Task<string?> ErrorLineAsync(Process process) =>
        await process.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2));

    [Fact]
    public async Task Infill_OnATerminal_ShowsTheCanvasUnlessToldNotTo()
    {
        if (!File.Exists("/usr/bin/script"))
        {
            return; // util-linux's script gives the process a terminal
        }
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("a.cs"), "int x = 1;\n");
        string command =
            $"dotnet '{CliProcess.StartInfo().ArgumentList[0]}' infill a.cs --span 1:9 --max-new-tokens 12 --model '{checkpoint.Path}'";

        CliResult live = await OnTerminalAsync(folder.Path, $"stty cols 100 rows 30; {command}");
        Assert.Equal(0, live.ExitCode);
        Assert.Contains("▒▒", live.Output, StringComparison.Ordinal);
        Assert.Contains("masked", live.Output, StringComparison.Ordinal);
        Assert.Contains("\e[32m+int x = ", live.Output, StringComparison.Ordinal);

        CliResult plain = await OnTerminalAsync(folder.Path, $"NO_COLOR=1 {command}");
        Assert.Equal(0, plain.ExitCode);
        Assert.DoesNotContain("▒▒", plain.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\e[32m", plain.Output, StringComparison.Ordinal);
        Assert.Contains("\n+int x = ", plain.Output, StringComparison.Ordinal);
    }

    private static Task<CliResult> OnTerminalAsync(string folder, string command)
    {
        ProcessStartInfo start = CliProcess.StartInfo();
        start.FileName = "/usr/bin/script";
        start.WorkingDirectory = folder;
        start.Environment["TERM"] = "xterm-256color";
        start.Environment.Remove("NO_COLOR");
        start.ArgumentList.Clear();
        Array.ForEach(["-q", "-e", "-c", command, "/dev/null"], start.ArgumentList.Add);
        return CliProcess.RunAsync(start, input: "");
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Kill(int process, int signal);
}
