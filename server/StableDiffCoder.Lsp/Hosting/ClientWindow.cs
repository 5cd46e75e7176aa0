using Microsoft.Extensions.Logging;
using StableDiffCoder.Lsp.Protocol;
using StreamJsonRpc;

namespace StableDiffCoder.Lsp.Hosting;

/// <summary>Messages for the person at the client. One that cannot be sent is lost: there is nobody left to read it.</summary>
internal sealed class ClientWindow(LspRpc rpc, ILogger logger)
{
    /// <summary>Shows a warning.</summary>
    public void Warn(string message) => _ = ShowAsync(ShowMessageParams.Warning, message);

    private async Task ShowAsync(int type, string message)
    {
        try
        {
            var parameters = new ShowMessageParams { Type = type, Message = message };
            await rpc.NotifyAsync(LspMethods.ShowMessage, parameters, LspJson.Default.ShowMessageParams);
        }
        catch (Exception exception)
            when (exception is ConnectionLostException or ObjectDisposedException or IOException or OperationCanceledException)
        {
            Log.MessageNotShown(logger, exception);
        }
    }
}
