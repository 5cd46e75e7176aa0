namespace StableDiffCoder.Lsp.Protocol;

/// <summary>
/// Error codes of JSON-RPC and LSP that this server answers with
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#errorCodes">spec</see>).
/// </summary>
public static class LspErrorCodes
{
    /// <summary>The body is not a JSON-RPC message, or its frame is broken. The answer's id is null.</summary>
    public const int ParseError = -32700;

    /// <summary>The request is not allowed now: after shutdown, a second initialize, an id that is still in use.</summary>
    public const int InvalidRequest = -32600;

    /// <summary>This server has no such method.</summary>
    public const int MethodNotFound = -32601;

    /// <summary>The parameters have the wrong shape or values.</summary>
    public const int InvalidParams = -32602;

    /// <summary>This server is at fault; its log says more.</summary>
    public const int InternalError = -32603;

    /// <summary>A request came before initialize.</summary>
    public const int ServerNotInitialized = -32002;

    /// <summary>The request is fine, but it cannot be served: no model is loaded.</summary>
    public const int RequestFailed = -32803;

    /// <summary>The document changed, so the answer would be about a text that is gone.</summary>
    public const int ContentModified = -32801;

    /// <summary>The client cancelled the request.</summary>
    public const int RequestCancelled = -32800;
}
