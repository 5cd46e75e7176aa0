using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using StreamJsonRpc;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary>What is wrong with a body that StreamJsonRpc cannot read, and what to answer.</summary>
internal sealed record MalformedMessage
{
    /// <value>Id of the answer; null when the body does not show one.</value>
    public RequestId Id { get; private init; } = RequestId.Null;

    /// <value>Error code of the answer.</value>
    public int Code { get; private init; } = LspErrorCodes.ParseError;

    /// <value>Error message of the answer.</value>
    public required string Message { get; init; }

    /// <value>True for a notification, which gets no answer.</value>
    public bool Silent { get; private init; }

    /// <value>The same message in a form that can be read, when there is one.</value>
    public byte[]? Repaired { get; private init; }

    /// <summary>Looks at a body again, slowly.</summary>
    public static MalformedMessage Diagnose(byte[] body)
    {
        if (!Utf8.IsValid(body))
        {
            return new MalformedMessage { Message = "the body is not UTF-8" };
        }
        try
        {
            return JsonNode.Parse(body) switch
            {
                JsonArray => new MalformedMessage { Message = "batches are not part of LSP; send the messages one by one" },
                JsonObject message => DiagnoseObject(message),
                _ => new MalformedMessage { Message = "the body is not a JSON object" },
            };
        }
        // ArgumentException: a member stands twice in the object.
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            return new MalformedMessage { Message = "the body is not JSON" };
        }
    }

    private static MalformedMessage DiagnoseObject(JsonObject message)
    {
        bool named = message["method"] is JsonValue method && method.GetValueKind() == JsonValueKind.String;
        if (!named)
        {
            return new MalformedMessage { Message = "the body is neither a request nor a response" };
        }
        bool hasId = message.TryGetPropertyValue("id", out JsonNode? idNode);
        if (hasId && ReadId(idNode) is null)
        {
            return new MalformedMessage { Message = "the id is neither an integer nor a string" };
        }
        if (message.TryGetPropertyValue("params", out JsonNode? parameters) && parameters is null)
        {
            // Some clients write "params": null where a method has none.
            message.Remove("params");
            return new MalformedMessage
            {
                Message = "",
                Repaired = JsonSerializer.SerializeToUtf8Bytes(message, LspJson.Default.JsonObject),
            };
        }
        return new MalformedMessage
        {
            Id = hasId ? ReadId(idNode)!.Value : RequestId.Null,
            Code = parameters is JsonValue ? LspErrorCodes.InvalidParams : LspErrorCodes.InvalidRequest,
            Message = parameters is JsonValue ? "params must be an object" : "the message has a member of the wrong type",
            Silent = !hasId,
        };
    }

    private static RequestId? ReadId(JsonNode? node) =>
        node switch
        {
            null => RequestId.Null,
            JsonValue value when value.TryGetValue(out long number) => new RequestId(number),
            JsonValue value when value.TryGetValue(out string? text) => new RequestId(text),
            _ => null,
        };
}
