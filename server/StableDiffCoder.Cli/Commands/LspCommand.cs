using System.CommandLine;
using Microsoft.Extensions.Logging;
using StableDiffCoder.Cli.Help;
using StableDiffCoder.Lsp;
using StableDiffCoder.Lsp.Hosting;

namespace StableDiffCoder.Cli.Commands;

/// <summary><c>lsp</c>: serves one editor over stdin and stdout.</summary>
internal static class LspCommand
{
    public static Command Create(GlobalOptions options, CommandConsole console)
    {
        var command = new DocumentedCommand("lsp", "Serve an editor over stdin and stdout")
        {
            Details =
            [
                "Speaks LSP 3.18; docs/lsp-extensions.md lists the methods, docs/editors.md has configurations of editors.",
                "The model is loaded in the background. The log goes to server.log in the folder that STABLE_DIFFCODER_STATE names (by default "
                    + "stable-diffcoder in your local application data; empty keeps nothing), and to stderr: warnings, with --verbose everything.",
                "The exit code is 0 when the client sent shutdown first, else 1.",
            ],
        };
        command.SetAction(options, console, (parsed, cancellationToken) => RunAsync(parsed, options, console, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        GlobalOptions options,
        CommandConsole console,
        CancellationToken cancellationToken
    )
    {
        if (!Console.IsInputRedirected)
        {
            console.Error.WriteLine(
                "stable-diffcoder lsp waits for an editor's messages on standard input; docs/editors.md tells how an editor starts it."
            );
        }
        using var streams = ProtocolStreams.TakeOver();
        // It holds a copy of stdout too, and nothing but the protocol may.
        await console.Output.DisposeAsync();
        string? state = StateFolder.Find();
        var level = new LogSwitch();
        using var log = new ServerLog(state, console.Error, parsed.GetValue(options.Verbose) ? LogLevel.Trace : LogLevel.Warning, level);
        return await LanguageServer.RunAsync(
            streams.Input,
            streams.Output,
            new ModelFolderSource(parsed, options),
            new LanguageServerOptions { StateFolder = state },
            log.Factory,
            cancellationToken,
            logSwitch: level
        );
    }
}
