using System.Text.Json;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Hosting;

/// <summary>What this server knows about the client it serves.</summary>
internal sealed class Session
{
    private readonly TaskCompletionSource initialized = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<long?> clientProcess = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the client sends <c>initialized</c>.</summary>
    public Task Initialized => initialized.Task;

    /// <summary>Completes at initialize with the id of the client's process, null when it names none.</summary>
    public Task<long?> ClientProcess => clientProcess.Task;

    /// <summary>Whether the client lets a server create progress.</summary>
    public bool ShowsWorkDoneProgress { get; private set; }

    /// <summary>Whether the client answers workspace/configuration.</summary>
    public bool AnswersConfiguration { get; private set; }

    /// <summary>Whether the client tells that settings changed only if it is asked to.</summary>
    public bool RegistersConfiguration { get; private set; }

    /// <summary>Whether the client watches files if it is asked to.</summary>
    public bool WatchesFiles { get; private set; }

    /// <summary>Whether the client asked for the requests that tests need.</summary>
    public bool ServesDebugRequests { get; private set; }

    /// <summary>Whether the client wants to be told when the status changes.</summary>
    public bool WantsStatus { get; private set; }

    /// <summary>Whether the client takes changes that name a document's version.</summary>
    public bool TakesDocumentChanges { get; private set; }

    /// <summary>Whether the client knows annotations of changes.</summary>
    public bool AnnotatesChanges { get; private set; }

    /// <summary>Whether the client shows edits to its user before it makes them, and needs no confirmation.</summary>
    public bool PreviewsItself { get; private set; }

    /// <summary>Whether the client asks its user for the instruction of an edit before it runs the command.</summary>
    public bool AsksInstructions { get; private set; }

    /// <summary>Whether the client makes edits that a server asks for.</summary>
    public bool AppliesEdits { get; private set; }

    /// <summary>Whether the client takes code actions that are more than commands.</summary>
    public bool TakesCodeActions { get; private set; }

    /// <summary>Whether counts outlive the session.</summary>
    public bool KeepsStatistics { get; set; } = true;

    /// <summary>The folders of the workspace.</summary>
    public IReadOnlyList<string> Folders { get; private set; } = [];

    /// <summary>Adds and removes folders of the workspace.</summary>
    public void ChangeFolders(IEnumerable<string> added, IEnumerable<string> removed) =>
        Folders = [.. Folders.Except(removed, StringComparer.Ordinal).Union(added, StringComparer.Ordinal)];

    /// <summary>Takes over what the client said in initialize.</summary>
    public void Begin(InitializeParams parameters)
    {
        ShowsWorkDoneProgress = parameters.Capabilities?.Window?.WorkDoneProgress ?? false;
        WorkspaceClientCapabilities? workspace = parameters.Capabilities?.Workspace;
        AnswersConfiguration = workspace?.Configuration ?? false;
        RegistersConfiguration = workspace?.DidChangeConfiguration?.DynamicRegistration ?? false;
        WatchesFiles = workspace?.DidChangeWatchedFiles?.DynamicRegistration ?? false;
        ServesDebugRequests = Asks(parameters.InitializationOptions, "debugRequests");
        WantsStatus = Asks(parameters.InitializationOptions, "statusNotifications");
        TakesDocumentChanges = workspace?.WorkspaceEdit?.DocumentChanges ?? false;
        AnnotatesChanges = workspace?.WorkspaceEdit?.ChangeAnnotationSupport is { ValueKind: JsonValueKind.Object };
        AppliesEdits = workspace?.ApplyEdit ?? false;
        TakesCodeActions =
            parameters.Capabilities?.TextDocument?.CodeAction?.CodeActionLiteralSupport is { ValueKind: JsonValueKind.Object };
        AsksInstructions = Asks(parameters.InitializationOptions, "instructionPrompt");
        PreviewsItself = Asks(parameters.InitializationOptions, "ownPreview");
        IEnumerable<string>? folders = parameters.WorkspaceFolders?.OfType<WorkspaceFolder>().Select(folder => folder.Uri);
        ChangeFolders(folders ?? (parameters.RootUri is string root ? [root] : []), []);
        clientProcess.TrySetResult(parameters.ProcessId);
    }

    private static bool Asks(JsonElement? options, string name) =>
        options is { ValueKind: JsonValueKind.Object } given
        && given.TryGetProperty(name, out JsonElement asked)
        && asked.ValueKind == JsonValueKind.True;

    /// <summary>Notes that the client sent <c>initialized</c>.</summary>
    public void MarkInitialized() => initialized.TrySetResult();
}
