using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary>The connection: turns exceptions into LSP errors and sends this server's own messages with named parameters.</summary>
internal sealed class LspRpc : JsonRpc
{
    private readonly SessionGate gate;
    private readonly ILogger logger;
    private int answers;

    /// <summary>Creates the connection; it reads nothing before StartListening.</summary>
    public LspRpc(LspMessageHandler handler, SessionGate gate, ILogger logger)
        : base(handler)
    {
        this.gate = gate;
        this.logger = logger;
        CancelLocallyInvokedMethodsWhenConnectionIsClosed = true;
        // It would go to the debugger's output, parameters (that is, source text) included.
        TraceSource.Listeners.Clear();
        TraceSource.Switch.Level = System.Diagnostics.SourceLevels.Off;
    }

    /// <summary>Raised once, when the first answer has left this process. That is the answer to initialize: the gate lets nothing before it.</summary>
    public event Action? FirstAnswerSent;

    /// <summary>Sends a notification.</summary>
    public Task NotifyAsync<T>(string method, T parameters, JsonTypeInfo<T> type) =>
        NotifyWithParameterObjectAsync(method, Named(parameters, type), null);

    /// <summary>Sends a notification if there is still someone to read it.</summary>
    public async Task TryNotifyAsync<T>(string method, T parameters, JsonTypeInfo<T> type)
    {
        try
        {
            await NotifyAsync(method, parameters, type);
        }
        catch (Exception)
        {
            // The connection is gone.
        }
    }

    /// <summary>Sends a request and waits for its answer, whatever that is.</summary>
    public Task<JsonElement> RequestAsync<T>(string method, T parameters, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        InvokeWithParameterObjectAsync<JsonElement>(method, Named(parameters, type), null, cancellationToken);

    /// <inheritdoc/>
    protected override JsonRpcError.ErrorDetail CreateErrorDetails(JsonRpcRequest request, Exception exception)
    {
        if (request.Method == LspMethods.Initialize)
        {
            gate.InitializeFailed();
        }
        if (exception is LspException known)
        {
            if (!request.IsResponseExpected)
            {
                Log.NotificationDropped(logger, request.Method ?? "?", known.Message);
            }
            return new JsonRpcError.ErrorDetail { Code = (JsonRpcErrorCode)known.Code, Message = known.Message };
        }
        Log.RequestFailed(logger, request.Method ?? "?", exception);
        return new JsonRpcError.ErrorDetail
        {
            Code = (JsonRpcErrorCode)LspErrorCodes.InternalError,
            Message = $"{request.Method} failed inside the server; its log says more",
        };
    }

    /// <inheritdoc/>
    protected override void OnResponseSent(JsonRpcMessage response)
    {
        base.OnResponseSent(response);
        if (response is JsonRpcResult && Interlocked.Increment(ref answers) == 1)
        {
            FirstAnswerSent?.Invoke();
        }
    }

    private static Dictionary<string, object?> Named<T>(T parameters, JsonTypeInfo<T> type) =>
        JsonSerializer
            .SerializeToElement(parameters, type)
            .EnumerateObject()
            .ToDictionary(member => member.Name, member => (object?)member.Value, StringComparer.Ordinal);
}
