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

/// <summary>Parameters of <c>stableDiffCoder/debug/context</c> (docs/lsp-extensions.md).</summary>
internal sealed record DebugContextParams
{
    /// <value>An open document.</value>
    public required TextDocumentIdentifier TextDocument { get; init; }

    /// <value>The cursor.</value>
    public required Position Position { get; init; }
}

/// <summary>The answer to <c>stableDiffCoder/debug/context</c>.</summary>
internal sealed record DebugContextResponse
{
    /// <value>What the model would be shown of other files, the best first.</value>
    public required IReadOnlyList<DebugContextSnippet> Snippets { get; init; }
}

/// <summary>A piece of another file.</summary>
internal sealed record DebugContextSnippet
{
    /// <value>Where it stands.</value>
    public required string Path { get; init; }

    /// <value>Its lines.</value>
    public required string Text { get; init; }
}
