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

    /// <summary>Whether the client asked for the requests that tests need.</summary>
    public bool ServesDebugRequests { get; private set; }

    /// <summary>Takes over what the client said in initialize.</summary>
    public void Begin(InitializeParams parameters)
    {
        ShowsWorkDoneProgress = parameters.Capabilities?.Window?.WorkDoneProgress ?? false;
        WorkspaceClientCapabilities? workspace = parameters.Capabilities?.Workspace;
        AnswersConfiguration = workspace?.Configuration ?? false;
        RegistersConfiguration = workspace?.DidChangeConfiguration?.DynamicRegistration ?? false;
        ServesDebugRequests =
            parameters.InitializationOptions is { ValueKind: JsonValueKind.Object } options
            && options.TryGetProperty("debugRequests", out JsonElement asked)
            && asked.ValueKind == JsonValueKind.True;
        clientProcess.TrySetResult(parameters.ProcessId);
    }

    /// <summary>Notes that the client sent <c>initialized</c>.</summary>
    public void MarkInitialized() => initialized.TrySetResult();
}
