using System.Diagnostics;
using System.IO.Pipes;
using System.Text;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary><c>stable-diffcoder lsp</c> as an editor starts it: a process of its own, talked to over pipes.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly Process process;
    private readonly StringBuilder errors = new();

    private ServerProcess(Process process)
    {
        this.process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
            {
                errors.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
        Client = new LspTestClient(process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
    }

    /// <summary>Where servers started from now on in this flow of tests keep their log and statistics; null keeps nothing.</summary>
    public static AsyncLocal<string?> State { get; } = new();

    public LspTestClient Client { get; }

    public int Id => process.Id;

    /// <summary>The number of this process's descriptor that reads the server's stdout.</summary>
    public string OutputDescriptor =>
        process.StandardOutput.BaseStream switch
        {
            PipeStream pipe => $"{pipe.SafePipeHandle.DangerousGetHandle()}",
            FileStream file => $"{file.SafeFileHandle.DangerousGetHandle()}",
            Stream other => throw new NotSupportedException($"stdout is read through a {other.GetType().Name}"),
        };

    /// <summary>What the server wrote on stderr so far.</summary>
    public string Errors
    {
        get
        {
            lock (errors)
            {
                return errors.ToString();
            }
        }
    }

    /// <summary>The command that starts the server on a model folder.</summary>
    public static IReadOnlyList<string> Command(string model) =>
        ["dotnet", Path.Combine(AppContext.BaseDirectory, "stable-diffcoder.dll"), "lsp", "--model", model, "--threads", "1"];

    /// <summary>Starts a server.</summary>
    /// <param name="model">Its model folder.</param>
    /// <param name="under">A command that runs the command behind it, such as strace.</param>
    public static ServerProcess Start(string model, params string[] under)
    {
        string[] command = [.. under, .. Command(model)];
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        start.Environment["STABLE_DIFFCODER_STATE"] = State.Value ?? "";
        return new ServerProcess(Process.Start(start)!);
    }

    /// <summary>The exit code, once the process has ended.</summary>
    public async Task<int> ExitCodeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(patience.Token);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
        await Client.DisposeAsync();
        process.Dispose();
    }
}
