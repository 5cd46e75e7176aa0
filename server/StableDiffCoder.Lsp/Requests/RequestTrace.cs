using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Requests;

/// <summary>
/// Tells a client that asked for it (<c>trace</c> of initialize, <c>$/setTrace</c>) what was answered; the only place where source text leaves
/// the server beside answers, and only if the client wants it verbose.
/// </summary>
internal sealed class RequestTrace(LspRpc rpc, TimeProvider time)
{
    private const int MostShown = 4000;
    private volatile string level = "off";

    /// <summary>Sets how much is told.</summary>
    public void Set(string? value) => level = value is "messages" or "verbose" ? value : "off";

    /// <summary>Answers a request and tells it.</summary>
    public async Task<T> RunAsync<T>(string method, JsonElement parameters, Func<Task<T>> answer)
    {
        if (level == "off")
        {
            return await answer();
        }
        long started = time.GetTimestamp();
        string outcome = "failed";
        object? shown = null;
        try
        {
            T result = await answer();
            (outcome, shown) = ("answered", result);
            return result;
        }
        finally
        {
            await TellAsync($"{method} {outcome} after {time.GetElapsedTime(started).TotalMilliseconds:0} ms", parameters, shown);
        }
    }

    private Task TellAsync(string message, JsonElement parameters, object? result)
    {
        string? verbose = level == "verbose" ? $"{Show(parameters)} → {ShowResult(result)}" : null;
        var trace = new LogTraceParams { Message = message, Verbose = verbose };
        return rpc.TryNotifyAsync(LspMethods.LogTrace, trace, LspJson.Default.LogTraceParams);
    }

    private static string Show(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? "" : Cut(value.GetRawText());

    private static string ShowResult(object? value) =>
        value is not null && LspJson.Default.GetTypeInfo(value.GetType()) is JsonTypeInfo type
            ? Cut(JsonSerializer.Serialize(value, type))
            : "null";

    private static string Cut(string text) => text.Length <= MostShown ? text : $"{text[..MostShown]}…";
}
