using System.Text.Json.Serialization;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary>A document that the client opened
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#textDocumentItem">spec</see>).</summary>
internal sealed record TextDocumentItem
{
    /// <value>Its name, as the client spells it.</value>
    public required string Uri { get; init; }

    /// <value>The client's name of its language: "csharp".</value>
    public string LanguageId { get; set; } = "";

    /// <value>Grows with every change.</value>
    [JsonConverter(typeof(SaturatingIntegerConverter))]
    public required int Version { get; init; }

    /// <value>The whole text.</value>
    [JsonConverter(typeof(LosslessStringConverter))]
    public required string Text { get; init; }
}

/// <summary>Names a document.</summary>
internal sealed record TextDocumentIdentifier
{
    /// <value>Its name, as the client spells it.</value>
    public required string Uri { get; init; }
}

/// <summary>Names one version of a document.</summary>
internal sealed record VersionedTextDocumentIdentifier
{
    /// <value>Its name, as the client spells it.</value>
    public required string Uri { get; init; }

    /// <value>The version after the change.</value>
    [JsonConverter(typeof(SaturatingIntegerConverter))]
    public required int Version { get; init; }
}

/// <summary>A document was opened
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#textDocument_didOpen">spec</see>).</summary>
internal sealed record DidOpenTextDocumentParams
{
    /// <value>The document.</value>
    public required TextDocumentItem TextDocument { get; init; }
}

/// <summary>A document changed
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#textDocument_didChange">spec</see>).</summary>
internal sealed record DidChangeTextDocumentParams
{
    /// <value>The document and its new version.</value>
    public required VersionedTextDocumentIdentifier TextDocument { get; init; }

    /// <value>Applied one after another, each to the text that the one before left.</value>
    public required IReadOnlyList<TextDocumentContentChange> ContentChanges { get; init; }
}

/// <summary>One edit, or, without a range, the whole new text.</summary>
internal sealed record TextDocumentContentChange
{
    /// <value>What is replaced; null replaces everything.</value>
    public TextRange? Range { get; init; }

    /// <value>The new text.</value>
    [JsonConverter(typeof(LosslessStringConverter))]
    public required string Text { get; init; }
}

/// <summary>A document was closed
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#textDocument_didClose">spec</see>).</summary>
internal sealed record DidCloseTextDocumentParams
{
    /// <value>The document.</value>
    public required TextDocumentIdentifier TextDocument { get; init; }
}
