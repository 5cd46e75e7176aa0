using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.Extensions.Logging;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary>
/// StreamJsonRpc's transport with its own reading: the base class closes the connection on bad JSON, bad headers, batches and answers nobody
/// asked for. Here the sender gets an error where one is due, and the session goes on.
/// </summary>
internal sealed class LspMessageHandler : HeaderDelimitedMessageHandler
{
    /// <summary>How long the end of a session waits for answers that are under way.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(1);

    private readonly FrameReader frames;
    private readonly SessionGate gate;
    private readonly ILogger logger;
    private readonly List<RequestId> written = [];
    private readonly Queue<byte[]> ahead = new(); // bodies to be handled before anything else is read
    private JsonRpcMessage? rejection;

    /// <summary>Creates the transport.</summary>
    public LspMessageHandler(Stream output, Stream input, SessionGate gate, ILogger logger)
        : base(PipeWriter.Create(output), PipeReader.Create(input), CreateFormatter())
    {
        this.gate = gate;
        this.logger = logger;
        frames = new FrameReader(Reader!);
    }

    /// <inheritdoc/>
    protected override async ValueTask<JsonRpcMessage?> ReadCoreAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Frame frame = await NextFrameAsync(cancellationToken);
            if (frame.Kind == FrameKind.End)
            {
                return await EndAsync();
            }
            if (frame.Kind == FrameKind.Broken)
            {
                await RejectAsync(RequestId.Null, LspErrorCodes.ParseError, frame.Problem, cancellationToken);
                continue;
            }
            JsonRpcMessage? message = await ParseAsync(frame.Body, cancellationToken);
            GateVerdict verdict = message is null ? new GateVerdict(Admission.Drop) : gate.Admit(message);
            switch (verdict.Admission)
            {
                case Admission.Deliver:
                    return message;
                case Admission.Exit:
                    return await EndAsync();
                case Admission.Reject:
                    RequestId id = ((IJsonRpcMessageWithId)message!).RequestId;
                    await RejectAsync(id, verdict.Code, verdict.Message, cancellationToken);
                    break;
            }
        }
    }

    /// <inheritdoc/>
    protected override void Write(JsonRpcMessage content, CancellationToken cancellationToken)
    {
        if (content is JsonRpcRequest { IsResponseExpected: true } request)
        {
            gate.Sending(request.RequestId);
        }
        base.Write(content, cancellationToken);
        // A rejected request was never open; its id may be that of one which is.
        if (content is JsonRpcResult or JsonRpcError && !ReferenceEquals(content, rejection))
        {
            written.Add(((IJsonRpcMessageWithId)content).RequestId);
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await base.FlushAsync(cancellationToken);
        written.ForEach(gate.Answered);
        written.Clear();
    }

    private static SystemTextJsonFormatter CreateFormatter() => new() { JsonSerializerOptions = LspJson.Default.Options };

    private async ValueTask<Frame> NextFrameAsync(CancellationToken cancellationToken)
    {
        if (ahead.TryDequeue(out byte[]? body))
        {
            return new Frame(FrameKind.Body, body, "");
        }
        Frame frame = await frames.ReadAsync(cancellationToken);
        if (!frames.TakeLostChange() || frame.Kind == FrameKind.End)
        {
            return frame;
        }
        byte[] notice = LostChange.Notice([]);
        if (frame.Kind == FrameKind.Body)
        {
            ahead.Enqueue(frame.Body);
            return frame with { Body = notice };
        }
        ahead.Enqueue(notice);
        return frame;
    }

    private async ValueTask<JsonRpcMessage?> EndAsync()
    {
        await gate.WaitUntilIdleAsync(DrainTime);
        return null;
    }

    private async ValueTask<JsonRpcMessage?> ParseAsync(byte[] body, CancellationToken cancellationToken)
    {
        try
        {
            return Deserialize(body);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Log.MalformedMessage(logger, exception.GetType().Name, body.Length);
        }
        MalformedMessage fault = MalformedMessage.Diagnose(body);
        if (fault.Repaired is byte[] repaired)
        {
            return Deserialize(repaired);
        }
        if (!fault.Silent)
        {
            await RejectAsync(fault.Id, fault.Code, fault.Message, cancellationToken);
        }
        return LostChange.In(body) is byte[] notice ? Deserialize(notice) : null;
    }

    private JsonRpcMessage Deserialize(byte[] body)
    {
        if (!Utf8.IsValid(body))
        {
            throw new JsonException("the body is not UTF-8");
        }
        JsonRpcMessage message = Formatter.Deserialize(new ReadOnlySequence<byte>(body));
        return message switch
        {
            JsonRpcRequest { Method: null } => throw new JsonException("the method is null"),
            // StreamJsonRpc would look for a method with as many parameters, and drop a notification when there is none.
            JsonRpcRequest { IsResponseExpected: false, ArgumentCount: > 1, ArgumentNames: null } => throw new JsonException(
                "params is an array"
            ),
            _ => message,
        };
    }

    private async ValueTask RejectAsync(RequestId id, int code, string text, CancellationToken cancellationToken)
    {
        JsonRpcError error = ((IJsonRpcMessageFactory)Formatter).CreateErrorMessage();
        error.RequestId = id;
        error.Error = new JsonRpcError.ErrorDetail { Code = (JsonRpcErrorCode)code, Message = text };
        rejection = error;
        await WriteAsync(error, cancellationToken);
    }
}
