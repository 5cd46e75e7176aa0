using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary>What becomes of an incoming message.</summary>
internal enum Admission
{
    /// <summary>It is handed on.</summary>
    Deliver,

    /// <summary>It is dropped without an answer.</summary>
    Drop,

    /// <summary>It is answered with an error.</summary>
    Reject,

    /// <summary>It ends the session.</summary>
    Exit,
}

/// <summary>The gate's word on one message.</summary>
/// <param name="Admission">What becomes of it.</param>
/// <param name="Code">Error code of a rejection.</param>
/// <param name="Message">Error message of a rejection.</param>
internal readonly record struct GateVerdict(Admission Admission, int Code = 0, string Message = "");

/// <summary>
/// Keeps the order of a session
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#lifeCycleMessages">spec</see>):
/// initialize first and once, nothing after shutdown. It sees messages as they arrive, before anything runs concurrently, so the outcome
/// does not depend on timing. It also knows which requests are open in both directions.
/// </summary>
internal sealed class SessionGate
{
    private readonly Lock gate = new();
    private readonly HashSet<RequestId> incoming = [];
    private readonly HashSet<RequestId> outgoing = [];
    private TaskCompletionSource idle = new();
    private bool initialized;
    private bool shutDown;

    /// <summary>0 after shutdown, else 1.</summary>
    public int ExitCode => Volatile.Read(ref shutDown) ? 0 : 1;

    /// <summary>Judges a message that arrived.</summary>
    public GateVerdict Admit(JsonRpcMessage message)
    {
        lock (gate)
        {
            return message switch
            {
                JsonRpcRequest { IsResponseExpected: true } request => AdmitRequest(request),
                JsonRpcRequest notification => AdmitNotification(notification.Method),
                IJsonRpcMessageWithId response => new GateVerdict(outgoing.Remove(response.RequestId) ? Admission.Deliver : Admission.Drop),
                _ => new GateVerdict(Admission.Drop),
            };
        }
    }

    /// <summary>Takes an initialize back whose parameters were wrong, so that the client may try again.</summary>
    public void InitializeFailed()
    {
        lock (gate)
        {
            initialized = false;
        }
    }

    /// <summary>Notes that this server is about to send a request.</summary>
    public void Sending(RequestId id)
    {
        lock (gate)
        {
            outgoing.Add(id);
        }
    }

    /// <summary>Notes that the answer to a request left this process.</summary>
    public void Answered(RequestId id)
    {
        lock (gate)
        {
            incoming.Remove(id);
            if (incoming.Count == 0)
            {
                idle.TrySetResult();
            }
        }
    }

    /// <summary>Waits until every open request is answered, but no longer than a time.</summary>
    public async Task WaitUntilIdleAsync(TimeSpan atMost)
    {
        Task waiting;
        lock (gate)
        {
            idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (incoming.Count == 0)
            {
                return;
            }
            waiting = idle.Task;
        }
        await Task.WhenAny(waiting, Task.Delay(atMost));
    }

    private GateVerdict AdmitRequest(JsonRpcRequest request)
    {
        if (shutDown)
        {
            return new GateVerdict(Admission.Reject, LspErrorCodes.InvalidRequest, "the server is shut down; only exit may follow");
        }
        bool isInitialize = request.Method == LspMethods.Initialize;
        if (!initialized && !isInitialize)
        {
            return new GateVerdict(Admission.Reject, LspErrorCodes.ServerNotInitialized, "the first request must be initialize");
        }
        if (initialized && isInitialize)
        {
            return new GateVerdict(Admission.Reject, LspErrorCodes.InvalidRequest, "the server is initialized already");
        }
        if (!incoming.Add(request.RequestId))
        {
            return new GateVerdict(Admission.Reject, LspErrorCodes.InvalidRequest, "a request with this id is still open");
        }
        initialized = true;
        shutDown = request.Method == LspMethods.Shutdown;
        return new GateVerdict(Admission.Deliver);
    }

    private GateVerdict AdmitNotification(string? method) =>
        method switch
        {
            LspMethods.Exit => new GateVerdict(Admission.Exit),
            LspMethods.CancelRequest => new GateVerdict(Admission.Deliver),
            _ => new GateVerdict(initialized && !shutDown ? Admission.Deliver : Admission.Drop),
        };
}
