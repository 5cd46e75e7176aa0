namespace StableDiffCoder.Lsp.Protocol;

/// <summary>Every method name that this server receives or sends; docs/lsp-extensions.md lists the same ones, which a test checks.</summary>
public static class LspMethods
{
    /// <summary>Request from the client: <see cref="InitializeParams"/> → <see cref="InitializeResult"/>.</summary>
    public const string Initialize = "initialize";

    /// <summary>Notification from the client: it has read the answer to initialize.</summary>
    public const string Initialized = "initialized";

    /// <summary>Request from the client: no more requests will follow.</summary>
    public const string Shutdown = "shutdown";

    /// <summary>Notification from the client: end the process.</summary>
    public const string Exit = "exit";

    /// <summary>Notification from the client: it no longer wants an answer.</summary>
    public const string CancelRequest = "$/cancelRequest";

    /// <summary>Notification from the client: <see cref="SetTraceParams"/>.</summary>
    public const string SetTrace = "$/setTrace";

    /// <summary>Notification from the client: <see cref="DidOpenTextDocumentParams"/>.</summary>
    public const string DidOpen = "textDocument/didOpen";

    /// <summary>Notification from the client: <see cref="DidChangeTextDocumentParams"/>.</summary>
    public const string DidChange = "textDocument/didChange";

    /// <summary>Notification from the client: <see cref="DidCloseTextDocumentParams"/>.</summary>
    public const string DidClose = "textDocument/didClose";

    /// <summary>Notification from the client: <see cref="DidSaveTextDocumentParams"/>.</summary>
    public const string DidSave = "textDocument/didSave";

    /// <summary>Request from the client: <see cref="InlineCompletionParams"/> → <see cref="InlineCompletionList"/> or null.</summary>
    public const string InlineCompletion = "textDocument/inlineCompletion";

    /// <summary>Request from the client: <see cref="CodeActionParams"/> → an array of <see cref="Protocol.CodeAction"/>, or of <see cref="LspCommand"/>.</summary>
    public const string CodeAction = "textDocument/codeAction";

    /// <summary>Request to the client: <see cref="ApplyWorkspaceEditParams"/> → <see cref="ApplyWorkspaceEditResult"/>.</summary>
    public const string ApplyEdit = "workspace/applyEdit";

    /// <summary>Request from the client: <see cref="ExecuteCommandParams"/> → null.</summary>
    public const string ExecuteCommand = "workspace/executeCommand";

    /// <summary>Request from the client: <see cref="InfillParams"/> → <see cref="InfillResponse"/>.</summary>
    public const string Infill = "stableDiffCoder/infill";

    /// <summary>Request from the client: <see cref="EditParams"/> → <see cref="WorkspaceEdit"/>.</summary>
    public const string Edit = "stableDiffCoder/edit";

    /// <summary>Request from the client, for tests: <see cref="DebugTextParams"/> → <see cref="DebugTextResponse"/>.</summary>
    public const string DebugText = "stableDiffCoder/debug/text";

    /// <summary>Request from the client, for tests: <see cref="DebugContextParams"/> → <see cref="DebugContextResponse"/>.</summary>
    public const string DebugContext = "stableDiffCoder/debug/context";

    /// <summary>Request from the client: nothing → <see cref="StatusParams"/>.</summary>
    public const string Status = "stableDiffCoder/status";

    /// <summary>Notification to the client: <see cref="StatusParams"/>.</summary>
    public const string DidChangeStatus = "stableDiffCoder/didChangeStatus";

    /// <summary>Request from the client: nothing → <see cref="StatisticsResponse"/>.</summary>
    public const string Statistics = "stableDiffCoder/statistics";

    /// <summary>Request from the client: nothing → null.</summary>
    public const string ClearStatistics = "stableDiffCoder/clearStatistics";

    /// <summary>Notification from the client: <see cref="DidChangeWorkspaceFoldersParams"/>.</summary>
    public const string DidChangeWorkspaceFolders = "workspace/didChangeWorkspaceFolders";

    /// <summary>Notification from the client: <see cref="DidChangeWatchedFilesParams"/>.</summary>
    public const string DidChangeWatchedFiles = "workspace/didChangeWatchedFiles";

    /// <summary>Notification to the client: <see cref="ShowMessageParams"/>, for its log.</summary>
    public const string LogMessage = "window/logMessage";

    /// <summary>Notification to the client: <see cref="LogTraceParams"/>.</summary>
    public const string LogTrace = "$/logTrace";

    /// <summary>Notification from the client: <see cref="DidChangeConfigurationParams"/>.</summary>
    public const string DidChangeConfiguration = "workspace/didChangeConfiguration";

    /// <summary>Request to the client: <see cref="ConfigurationParams"/> → an array of settings.</summary>
    public const string Configuration = "workspace/configuration";

    /// <summary>Request to the client: <see cref="RegistrationParams"/> → null.</summary>
    public const string RegisterCapability = "client/registerCapability";

    /// <summary>Notification to the client: <see cref="ShowMessageParams"/>.</summary>
    public const string ShowMessage = "window/showMessage";

    /// <summary>Request to the client: <see cref="WorkDoneProgressCreateParams"/> → null.</summary>
    public const string CreateWorkDoneProgress = "window/workDoneProgress/create";

    /// <summary>Notification to the client: <see cref="ProgressParams"/>, or <see cref="CanvasProgressParams"/> for a canvasToken.</summary>
    public const string Progress = "$/progress";
}
