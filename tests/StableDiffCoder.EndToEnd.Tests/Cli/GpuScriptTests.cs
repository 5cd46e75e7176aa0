using System.Diagnostics;
using System.Runtime.CompilerServices;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Engine.Tests;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

/// <summary>tests/gpu/run.sh on a machine without a GPU: with the CPU in its place.</summary>
public sealed class GpuScriptTests
{
    [Fact]
    public async Task Run_NoArguments_SaysWhatItNeeds()
    {
        (int exit, string output) = await RunAsync([]);

        Assert.Equal(2, exit);
        Assert.Contains("Needs: an NVIDIA GPU", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoBuild_NamesTheFile()
    {
        (int exit, string output) = await RunAsync(["/nowhere", "/nowhere", "/nowhere"]);

        Assert.Equal(2, exit);
        Assert.Contains("/nowhere/stable-diffcoder is not there", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_BuildHereAndTheCpu_WritesConformanceAndTimes()
    {
        using var folder = new TemporaryFolder();
        string server = Path.Combine(folder.Path, "stable-diffcoder");
        string executable = Path.Combine(AppContext.BaseDirectory, "stable-diffcoder.dll");
        await File.WriteAllTextAsync(server, $"#!/bin/sh\nexec dotnet '{executable}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(server, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
        (int exit, string output) = await RunAsync(
            [folder.Path, LoadedLibtorch(), folder.Path, "--seconds", "0.01", "--threads", "1"],
            ("STABLE_DIFFCODER_DEVICE", "cpu"),
            ("STABLE_DIFFCODER_SHAPE", "mini")
        );

        Assert.True(exit == 0, output);
        Assert.Contains("holds", await File.ReadAllTextAsync(Path.Combine(folder.Path, "conformance.txt")), StringComparison.Ordinal);
        Assert.Contains("\"rows\"", await File.ReadAllTextAsync(Path.Combine(folder.Path, "int8.json")), StringComparison.Ordinal);
    }

    private static string TestsFolder([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));

    private static string LoadedLibtorch()
    {
        TorchRuntime.EnsureLoaded();
        using var process = Process.GetCurrentProcess();
        string library = process.Modules.Cast<ProcessModule>().First(module => module.ModuleName == "libtorch.so").FileName;
        return Path.GetDirectoryName(library)!;
    }

    private static async Task<(int Exit, string Output)> RunAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Path.Combine(TestsFolder(), "gpu", "run.sh"));
        Array.ForEach(arguments, start.ArgumentList.Add);
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
