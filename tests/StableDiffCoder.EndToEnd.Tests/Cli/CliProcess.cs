using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

/// <summary>What a run of the executable left.</summary>
public sealed record CliResult(int ExitCode, string Output, string Error)
{
    /// <summary>The lines of standard output, each parsed.</summary>
    public JsonElement[] JsonLines() =>
        [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}

/// <summary>The real executable as a process, as built into this folder.</summary>
public static class CliProcess
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>How to start it: pipes for all three streams, UTF-8, no model by default, one thread.</summary>
    public static ProcessStartInfo StartInfo(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = Utf8,
            StandardOutputEncoding = Utf8,
            StandardErrorEncoding = Utf8,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "stable-diffcoder.dll"));
        Array.ForEach(arguments, start.ArgumentList.Add);
        start.Environment.Remove("STABLE_DIFFCODER_MODEL");
        start.Environment["OMP_NUM_THREADS"] = "1";
        return start;
    }

    /// <summary>Runs it to its end.</summary>
    public static Task<CliResult> RunAsync(params string[] arguments) => RunAsync(StartInfo(arguments), input: "");

    /// <summary>Runs it to its end with something on standard input.</summary>
    public static Task<CliResult> RunWithInputAsync(string input, params string[] arguments) => RunAsync(StartInfo(arguments), input);

    /// <summary>Runs it to its end.</summary>
    public static async Task<CliResult> RunAsync(ProcessStartInfo start, string input)
    {
        using Process process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token);
            Task<string> error = process.StandardError.ReadToEndAsync(patience.Token);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
            return new CliResult(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
