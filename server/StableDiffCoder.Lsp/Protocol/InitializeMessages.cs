using System.Text.Json;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary>
/// What the client tells at the start, as far as this server reads it
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#initialize">spec</see>).
/// </summary>
internal sealed record InitializeParams
{
    /// <value>The client's process, whose end ends this one; null when there is none to watch.</value>
    public long? ProcessId { get; init; }

    /// <value>The server's own settings; see docs/lsp-extensions.md.</value>
    public JsonElement? InitializationOptions { get; init; }

    /// <value>"off", "messages" or "verbose".</value>
    public string? Trace { get; init; }

    /// <value>The folders of the workspace.</value>
    public IReadOnlyList<WorkspaceFolder>? WorkspaceFolders { get; init; }

    /// <value>The one folder, from clients that know no others.</value>
    public string? RootUri { get; init; }

    /// <value>What the client can do.</value>
    public ClientCapabilities? Capabilities { get; init; }

    /// <value>Name and version of the client.</value>
    public PeerInfo? ClientInfo { get; init; }
}

/// <summary>The client's capabilities that this server reads.</summary>
internal sealed record ClientCapabilities
{
    /// <value>Capabilities of its workspace.</value>
    public WorkspaceClientCapabilities? Workspace { get; init; }

    /// <value>Capabilities of its documents.</value>
    public TextDocumentClientCapabilities? TextDocument { get; init; }

    /// <value>Capabilities of its windows.</value>
    public WindowClientCapabilities? Window { get; init; }
}

/// <summary>The client's workspace capabilities.</summary>
internal sealed record WorkspaceClientCapabilities
{
    /// <value>Whether it answers workspace/configuration.</value>
    public bool? Configuration { get; init; }

    /// <value>How it tells that settings changed.</value>
    public RegistrationCapability? DidChangeConfiguration { get; init; }

    /// <value>Whether it answers workspace/applyEdit.</value>
    public bool? ApplyEdit { get; init; }

    /// <value>Whether it watches files for a server.</value>
    public RegistrationCapability? DidChangeWatchedFiles { get; init; }

    /// <value>What it does with edits.</value>
    public WorkspaceEditClientCapabilities? WorkspaceEdit { get; init; }
}

/// <summary>The client's document capabilities.</summary>
internal sealed record TextDocumentClientCapabilities
{
    /// <value>What it does with code actions.</value>
    public CodeActionClientCapabilities? CodeAction { get; init; }
}

/// <summary>What the client does with code actions
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#codeActionClientCapabilities">spec</see>).</summary>
internal sealed record CodeActionClientCapabilities
{
    /// <value>There when it takes more than bare commands.</value>
    public JsonElement? CodeActionLiteralSupport { get; init; }
}

/// <summary>What the client does with edits
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#workspaceEditClientCapabilities">spec</see>).</summary>
internal sealed record WorkspaceEditClientCapabilities
{
    /// <value>Whether it takes changes that name a document's version.</value>
    public bool? DocumentChanges { get; init; }

    /// <value>There when it knows annotations of changes, and so can ask its user before it makes them.</value>
    public JsonElement? ChangeAnnotationSupport { get; init; }
}

/// <summary>Whether a server may ask for something after initialize.</summary>
internal sealed record RegistrationCapability
{
    /// <value>Whether it may.</value>
    public bool? DynamicRegistration { get; init; }
}

/// <summary>The client's window capabilities.</summary>
internal sealed record WindowClientCapabilities
{
    /// <value>Whether it lets a server create progress of its own.</value>
    public bool? WorkDoneProgress { get; init; }
}

/// <summary>Name and version of one side.</summary>
internal sealed record PeerInfo
{
    /// <value>Its name.</value>
    public required string Name { get; init; }

    /// <value>Its version.</value>
    public string? Version { get; init; }
}

/// <summary>The answer to initialize.</summary>
internal sealed record InitializeResult
{
    /// <value>What this server does.</value>
    public required ServerCapabilities Capabilities { get; init; }

    /// <value>Name and version of this server.</value>
    public required PeerInfo ServerInfo { get; init; }
}

/// <summary>
/// What this server does
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#serverCapabilities">spec</see>).
/// </summary>
internal sealed record ServerCapabilities
{
    /// <value>Positions count UTF-16 code units.</value>
    public string PositionEncoding { get; init; } = "utf-16";

    /// <value>How documents are kept in step.</value>
    public TextDocumentSyncOptions TextDocumentSync { get; init; } = new();

    /// <value>Whether textDocument/inlineCompletion is served.</value>
    public bool InlineCompletionProvider { get; init; } = true;

    /// <value>The kinds of code actions.</value>
    public CodeActionOptions CodeActionProvider { get; init; } = new();

    /// <value>What workspace/executeCommand runs.</value>
    public ExecuteCommandOptions ExecuteCommandProvider { get; init; } = new();

    /// <value>What is said about the workspace.</value>
    public WorkspaceOptions Workspace { get; init; } = new();
}

/// <summary>What is said about the workspace.</summary>
internal sealed record WorkspaceOptions
{
    /// <value>About its folders.</value>
    public WorkspaceFoldersOptions WorkspaceFolders { get; init; } = new();
}

/// <summary>What is said about the folders of the workspace.</summary>
internal sealed record WorkspaceFoldersOptions
{
    /// <value>There may be several.</value>
    public bool Supported { get; init; } = true;

    /// <value>Changes are told.</value>
    public bool ChangeNotifications { get; init; } = true;
}

/// <summary>How documents are kept in step.</summary>
internal sealed record TextDocumentSyncOptions
{
    /// <value>Opening and closing are told.</value>
    public bool OpenClose { get; init; } = true;

    /// <value>2: changes are told as edits.</value>
    public int Change { get; init; } = 2;

    /// <value>Saving is told.</value>
    public bool Save { get; init; } = true;
}

/// <summary>Parameters of a method that has none, or none that this server reads.</summary>
internal sealed record NoParams;
