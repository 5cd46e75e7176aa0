using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StableDiffCoder.Lsp.Protocol;
using StreamJsonRpc;

namespace StableDiffCoder.Lsp.Requests;

/// <summary>
/// One method of the server: binds the parameters, waits for its turn in the queue, calls the handler. It binds by itself because StreamJsonRpc
/// answers wrong parameters with its own internals. Parameters that cannot be bound are shown to <c>unreadable</c> in their turn, when given.
/// </summary>
internal sealed class RpcMethod<TParams, TResult>(
    string name,
    RequestKind kind,
    JsonTypeInfo<TParams> type,
    Func<TParams, CancellationToken, Task<TResult>> handler,
    RequestQueue queue,
    RequestTrace trace,
    Action<JsonElement>? unreadable = null
)
{
    private static readonly MethodInfo Entry = typeof(RpcMethod<TParams, TResult>).GetMethod(nameof(InvokeAsync))!;

    /// <summary>Makes the method known to a connection.</summary>
    public void AddTo(JsonRpc rpc) =>
        rpc.AddLocalRpcMethod(Entry, this, new JsonRpcMethodAttribute(name) { UseSingleObjectParameterDeserialization = true });

    /// <summary>Called by StreamJsonRpc, in the order of arrival.</summary>
    public Task<TResult> InvokeAsync(JsonElement parameters = default, CancellationToken cancellationToken = default)
    {
        TParams bound;
        try
        {
            bound = Bind(parameters);
        }
        catch (LspException exception) when (unreadable is not null)
        {
            return queue.EnqueueAsync(kind, _ => Refuse(parameters, exception), cancellationToken);
        }
        return trace.RunAsync(name, parameters, () => queue.EnqueueAsync(kind, token => handler(bound, token), cancellationToken));
    }

    private Task<TResult> Refuse(JsonElement parameters, LspException exception)
    {
        unreadable!(parameters);
        return Task.FromException<TResult>(exception);
    }

    private TParams Bind(JsonElement parameters)
    {
        if (typeof(TParams) == typeof(NoParams))
        {
            return (TParams)(object)new NoParams();
        }
        if (parameters.ValueKind != JsonValueKind.Object)
        {
            throw new LspException(LspErrorCodes.InvalidParams, $"{name}: params must be an object");
        }
        try
        {
            return parameters.Deserialize(type)!;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new LspException(LspErrorCodes.InvalidParams, $"{name}: {exception.Message}", exception);
        }
    }
}
