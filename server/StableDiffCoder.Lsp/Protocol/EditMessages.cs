using System.Text.Json;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary>Parameters of <c>stableDiffCoder/edit</c> (docs/lsp-extensions.md): rewrite a range of an open document by an instruction.</summary>
internal sealed record EditParams
{
    /// <value>The document, and the version the range belongs to.</value>
    public required OptionalVersionedTextDocumentIdentifier TextDocument { get; init; }

    /// <value>The code to rewrite; an empty one is a place where code is to be written, or names the statement around it.</value>
    public required TextRange Range { get; init; }

    /// <value>What is to be done, in plain words.</value>
    public required string Instruction { get; init; }

    /// <value>A string or an integer under which the canvas is shown; null when nobody looks.</value>
    public JsonElement? CanvasToken { get; init; }
}

/// <summary>Changes of documents
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#workspaceEdit">spec</see>).</summary>
internal sealed record WorkspaceEdit
{
    /// <value>One for each changed document; none when nothing changes. Null where <see cref="Changes"/> stands for it.</value>
    public IReadOnlyList<TextDocumentEdit>? DocumentChanges { get; init; }

    /// <value>The edits by document, for clients that take no versions.</value>
    public IReadOnlyDictionary<string, IReadOnlyList<TextEdit>>? Changes { get; init; }

    /// <value>What the edits' <see cref="TextEdit.AnnotationId"/> name.</value>
    public IReadOnlyDictionary<string, ChangeAnnotation>? ChangeAnnotations { get; init; }

    /// <summary>The same without versions and annotations.</summary>
    public WorkspaceEdit ToPlain() =>
        new()
        {
            Changes = (DocumentChanges ?? []).ToDictionary(
                change => change.TextDocument.Uri,
                IReadOnlyList<TextEdit> (change) => [.. change.Edits.Select(edit => edit with { AnnotationId = null })]
            ),
        };
}

/// <summary>Changes of one version of a document
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#textDocumentEdit">spec</see>).</summary>
internal sealed record TextDocumentEdit
{
    /// <value>The document, and the version that the ranges belong to.</value>
    public required VersionedTextDocumentIdentifier TextDocument { get; init; }

    /// <value>In the order of the document, not overlapping.</value>
    public required IReadOnlyList<TextEdit> Edits { get; init; }
}

/// <summary>One change
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#textEdit">spec</see>).</summary>
internal sealed record TextEdit
{
    /// <value>What is replaced.</value>
    public required TextRange Range { get; init; }

    /// <value>The new text.</value>
    public required string NewText { get; init; }

    /// <value>One of <see cref="WorkspaceEdit.ChangeAnnotations"/>.</value>
    public string? AnnotationId { get; init; }
}

/// <summary>What a client shows of changes before it makes them
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#changeAnnotation">spec</see>).</summary>
internal sealed record ChangeAnnotation
{
    /// <value>For people.</value>
    public required string Label { get; init; }

    /// <value>Whether the user is asked first.</value>
    public bool NeedsConfirmation { get; init; }

    /// <value>More for people.</value>
    public string? Description { get; init; }
}
