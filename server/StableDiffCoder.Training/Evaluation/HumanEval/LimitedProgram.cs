using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace StableDiffCoder.Training.Evaluation.HumanEval;

/// <summary>How a program ended.</summary>
/// <param name="Passed">Whether it ended by itself, without an error.</param>
/// <param name="TimedOut">Whether it was ended at its time limit by the clock.</param>
/// <param name="Error">The end of what it wrote to standard error.</param>
public sealed record ProgramOutcome(bool Passed, bool TimedOut, string Error);

/// <summary>
/// Runs a generated program as a process of its own: in an empty folder that is deleted afterwards, with an empty environment, and with limits
/// on time, memory, file size and processes that the shell's <c>ulimit</c> sets before the program starts. This bounds accidents. It is no
/// wall against malice: run models that are not trusted inside a container or a virtual machine.
/// </summary>
public static class LimitedProgram
{
    private const int ErrorLength = 2000;

    /// <summary>Runs one.</summary>
    /// <param name="program">Its source.</param>
    /// <param name="options">Interpreter and limits; validated here.</param>
    /// <param name="cancellationToken">Ends the program too.</param>
    /// <exception cref="ArgumentException">A limit is out of bounds, or this is not Linux.</exception>
    /// <exception cref="IOException">The shell does not start.</exception>
    public static async Task<ProgramOutcome> RunAsync(string program, ProgramOptions options, CancellationToken cancellationToken)
    {
        options.Validate();
        string folder = Directory.CreateTempSubdirectory("limited-program-").FullName;
        try
        {
            string file = Path.Combine(folder, "program");
            await File.WriteAllTextAsync(file, program, cancellationToken);
            using Process process = Start(file, folder, options);
            return await WaitAsync(process, options, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Process Start(string file, string folder, ProgramOptions options)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string limits = string.Create(
            CultureInfo.InvariantCulture,
            $"ulimit -t {options.Seconds}; ulimit -v {options.Megabytes * 1024L}; ulimit -f 2048; ulimit -c 0; exec \"$@\""
        );
        foreach (string argument in (string[])["-c", limits, "sh", options.Interpreter, .. options.Arguments, file])
        {
            start.ArgumentList.Add(argument);
        }
        string? path = Environment.GetEnvironmentVariable("PATH");
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new IOException($"/bin/sh does not start: {error.Message}", error);
        }
    }

    private static async Task<ProgramOutcome> WaitAsync(Process process, ProgramOptions options, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(options.Seconds));
        process.StandardInput.Close();
        Task<string> output = TailAsync(process.StandardOutput);
        Task<string> error = TailAsync(process.StandardError);
        bool timedOut = false;
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            timedOut = true;
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }
        cancellationToken.ThrowIfCancellationRequested();
        await output;
        return new ProgramOutcome(!timedOut && process.ExitCode == 0, timedOut, await error);
    }

    // A program may write more than memory holds: only the end is kept.
    private static async Task<string> TailAsync(StreamReader reader)
    {
        var buffer = new char[ErrorLength];
        string tail = "";
        for (int read; (read = await reader.ReadAsync(buffer)) > 0; )
        {
            tail += new string(buffer, 0, read);
            tail = tail[Math.Max(0, tail.Length - ErrorLength)..];
        }
        return tail;
    }
}
