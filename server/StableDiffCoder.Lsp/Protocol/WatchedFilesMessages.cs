namespace StableDiffCoder.Lsp.Protocol;

/// <summary>Files changed outside the editor
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#workspace_didChangeWatchedFiles">spec</see>).</summary>
internal sealed record DidChangeWatchedFilesParams
{
    /// <value>What changed.</value>
    public IReadOnlyList<FileEvent> Changes { get; set; } = [];
}

/// <summary>A file that was made, changed or deleted.</summary>
internal sealed record FileEvent
{
    /// <value>Its name, as the client spells it.</value>
    public required string Uri { get; init; }
}

/// <summary>What a server wants to be told of
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#didChangeWatchedFilesRegistrationOptions">spec</see>).</summary>
internal sealed record DidChangeWatchedFilesRegistrationOptions
{
    /// <value>Files by their names.</value>
    public required IReadOnlyList<WatchedFilePattern> Watchers { get; init; }
}

/// <summary>Files to watch.</summary>
internal sealed record WatchedFilePattern
{
    /// <value>Matches their names below each folder of the workspace.</value>
    public required string GlobPattern { get; init; }
}

/// <summary>A document was saved
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#textDocument_didSave">spec</see>).</summary>
internal sealed record DidSaveTextDocumentParams
{
    /// <value>The document.</value>
    public required TextDocumentIdentifier TextDocument { get; init; }
}
