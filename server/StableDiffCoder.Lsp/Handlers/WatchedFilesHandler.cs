using System.Text.Json;
using Microsoft.Extensions.Logging;
using StableDiffCoder.Lsp.Context;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Protocol;
using StreamJsonRpc;

namespace StableDiffCoder.Lsp.Handlers;

/// <summary>workspace/didChangeWatchedFiles and textDocument/didSave: what changes in files that are not open.</summary>
internal sealed class WatchedFilesHandler(LspRpc rpc, Session session, WorkspaceContext context, ILogger logger)
{
    /// <summary>Asks the client to tell, where it lets itself be asked.</summary>
    public void Start()
    {
        if (session.WatchesFiles)
        {
            _ = RegisterAsync();
        }
    }

    /// <summary>Takes note of files that changed.</summary>
    public void DidChange(DidChangeWatchedFilesParams parameters) =>
        context.FilesChanged([.. parameters.Changes.OfType<FileEvent>().Select(change => change.Uri)]);

    /// <summary>Takes note of a file that was saved: clients that watch no files tell this too.</summary>
    public void DidSave(DidSaveTextDocumentParams parameters) => context.FilesChanged([parameters.TextDocument.Uri]);

    private async Task RegisterAsync()
    {
        try
        {
            var watchers = new DidChangeWatchedFilesRegistrationOptions
            {
                Watchers = [new WatchedFilePattern { GlobPattern = "**/*.cs" }, new WatchedFilePattern { GlobPattern = "**/.gitignore" }],
            };
            var registration = new Registration
            {
                Id = "watchedFiles",
                Method = LspMethods.DidChangeWatchedFiles,
                RegisterOptions = watchers,
            };
            var asked = new RegistrationParams { Registrations = [registration] };
            await rpc.RequestAsync(LspMethods.RegisterCapability, asked, LspJson.Default.RegistrationParams, CancellationToken.None);
        }
        catch (Exception exception)
            when (exception is RemoteRpcException or ObjectDisposedException or IOException or OperationCanceledException or JsonException)
        {
            Log.ConfigurationFailed(logger, LspMethods.RegisterCapability, exception);
        }
    }
}
