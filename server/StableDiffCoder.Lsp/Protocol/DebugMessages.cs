namespace StableDiffCoder.Lsp.Protocol;

/// <summary>Parameters of <c>stableDiffCoder/debug/text</c> (docs/lsp-extensions.md): what the server holds of a document.</summary>
internal sealed record DebugTextParams
{
    /// <value>The document.</value>
    public required TextDocumentIdentifier TextDocument { get; init; }
}

/// <summary>The answer to <c>stableDiffCoder/debug/text</c>.</summary>
internal sealed record DebugTextResponse
{
    /// <value>The version of the text; null when there is none.</value>
    public int? Version { get; init; }

    /// <value>The text as base64 of UTF-16LE, which holds halves of surrogate pairs too; null when the document is not open or out of step.</value>
    public string? Utf16 { get; init; }

    /// <value>Why the document is out of step; null when it is not.</value>
    public string? Problem { get; init; }
}
