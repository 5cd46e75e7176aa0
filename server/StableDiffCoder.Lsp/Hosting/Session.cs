using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Hosting;

/// <summary>What this server knows about the client it serves.</summary>
internal sealed class Session
{
    private readonly TaskCompletionSource initialized = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the client sends <c>initialized</c>.</summary>
    public Task Initialized => initialized.Task;

    /// <summary>Whether the client lets a server create progress.</summary>
    public bool ShowsWorkDoneProgress { get; private set; }

    /// <summary>Takes over what the client said in initialize.</summary>
    public void Begin(InitializeParams parameters) => ShowsWorkDoneProgress = parameters.Capabilities?.Window?.WorkDoneProgress ?? false;

    /// <summary>Notes that the client sent <c>initialized</c>.</summary>
    public void MarkInitialized() => initialized.TrySetResult();
}
