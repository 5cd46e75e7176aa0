using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace StableDiffCoder.Lsp.Tests.Wire;

/// <summary>
/// A language client of the plainest kind, written against the specification and sharing no code with the server: it can send anything,
/// right or wrong, and sees every byte that comes back.
/// </summary>
public sealed class LspTestClient : IAsyncDisposable
{
    /// <summary>Ends a test that hangs; a busy machine may take a minute until Roslyn is compiled.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Stream toServer;
    private readonly Stream fromServer;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<JsonObject>> waiting = new();
    private readonly Channel<JsonObject> unasked = Channel.CreateUnbounded<JsonObject>();
    private readonly SemaphoreSlim sending = new(1);
    private readonly Task reading;
    private int lastId;

    public LspTestClient(Stream toServer, Stream fromServer)
    {
        this.toServer = toServer;
        // Headers are read byte by byte.
        this.fromServer = new BufferedStream(fromServer, 1 << 16);
        reading = Task.Run(ReadAsync);
    }

    /// <summary>Every message from the server, in order.</summary>
    public ConcurrentQueue<JsonObject> Received { get; } = new();

    /// <summary>Answers the server's requests with null when true.</summary>
    public bool AnswersRequests { get; set; } = true;

    /// <summary>What the server's requests are answered with instead of null, by method, as JSON.</summary>
    public ConcurrentDictionary<string, string> Answers { get; } = new();

    /// <summary>Ends when the server closes its side.</summary>
    public Task Closed => reading;

    /// <summary>Sends a request and returns the whole answer, error or not.</summary>
    public Task<JsonObject> RequestAsync(string method, string parameters = "{}") => RequestAsync(method, parameters, out _);

    /// <inheritdoc cref="RequestAsync(string, string)"/>
    public Task<JsonObject> RequestAsync(string method, string parameters, out int id)
    {
        id = Interlocked.Increment(ref lastId);
        return RawRequestAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""", $"{id}");
    }

    /// <summary>Sends a body and returns the answer with an id, spelled as JSON: 7, "a" or null.</summary>
    public async Task<JsonObject> RawRequestAsync(string body, string id)
    {
        Task<JsonObject> answer = AnswerTo(id);
        await SendAsync(body);
        return await answer;
    }

    /// <summary>The next answer with an id, spelled as JSON.</summary>
    public Task<JsonObject> AnswerTo(string id) =>
        waiting
            .GetOrAdd(id, _ => new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously))
            .Task.WaitAsync(Patience);

    /// <summary>Sends a notification.</summary>
    public Task NotifyAsync(string method, string parameters = "{}") =>
        SendAsync($$"""{"jsonrpc":"2.0","method":"{{method}}","params":{{parameters}}}""");

    /// <summary>Sends a body in a proper frame.</summary>
    public Task SendAsync(string body) => SendBytesAsync(Frame(body));

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendBytesAsync(byte[] bytes)
    {
        await sending.WaitAsync();
        try
        {
            await toServer.WriteAsync(bytes);
            await toServer.FlushAsync();
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>A proper frame around a body.</summary>
    public static byte[] Frame(string body)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        return
        [
            .. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {bytes.Length}\r\n\r\n")),
            .. bytes,
        ];
    }

    /// <summary>The next notification or request of the server with a method name.</summary>
    public async Task<JsonObject> NextAsync(string method)
    {
        using var patience = new CancellationTokenSource(Patience);
        await foreach (JsonObject message in unasked.Reader.ReadAllAsync(patience.Token))
        {
            if ((string?)message["method"] == method)
            {
                return message;
            }
        }
        throw new EndOfStreamException($"the server closed before it sent {method}");
    }

    /// <summary>initialize and initialized.</summary>
    public async Task<JsonObject> InitializeAsync(string capabilities = "{}", string options = "{}")
    {
        JsonObject answer = await RequestAsync(
            "initialize",
            $$"""
            {"processId":{{Environment.ProcessId}},"rootUri":null,"clientInfo":{"name":"test"},"capabilities":{{capabilities}},
             "initializationOptions":{{options}} }
            """
        );
        await NotifyAsync("initialized");
        return answer;
    }

    /// <summary>didOpen.</summary>
    public Task OpenAsync(string uri, string text, int version = 1) =>
        NotifyAsync(
            "textDocument/didOpen",
            $$"""{"textDocument":{"uri":"{{uri}}","languageId":"csharp","version":{{version}},"text":{{JsonSerializer.Serialize(text)}} } }"""
        );

    /// <summary>didChange of the whole text.</summary>
    public Task ReplaceAsync(string uri, string text, int version) =>
        NotifyAsync(
            "textDocument/didChange",
            $$"""{"textDocument":{"uri":"{{uri}}","version":{{version}} },"contentChanges":[{"text":{{JsonSerializer.Serialize(text)}} }] }"""
        );

    /// <summary>Closes this side, as a client that dies does.</summary>
    public void Hang() => toServer.Dispose();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await toServer.DisposeAsync();
        await fromServer.DisposeAsync();
        sending.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            while (await ReadBodyAsync() is byte[] body)
            {
                var message = (JsonObject)JsonNode.Parse(body)!;
                Received.Enqueue(message);
                await TakeAsync(message);
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or EndOfStreamException) { }
        unasked.Writer.TryComplete();
        foreach (TaskCompletionSource<JsonObject> answer in waiting.Values)
        {
            answer.TrySetException(new EndOfStreamException("the server closed before it answered"));
        }
    }

    private async Task TakeAsync(JsonObject message)
    {
        if (!message.ContainsKey("method"))
        {
            string id = message["id"]?.ToJsonString() ?? "null";
            waiting.GetOrAdd(id, _ => new TaskCompletionSource<JsonObject>(TaskCreationOptions.RunContinuationsAsynchronously));
            waiting.TryRemove(id, out TaskCompletionSource<JsonObject>? answer);
            answer!.TrySetResult(message);
            return;
        }
        unasked.Writer.TryWrite(message);
        if (message.ContainsKey("id") && AnswersRequests)
        {
            string result = Answers.GetValueOrDefault((string)message["method"]!, "null");
            await SendAsync($$"""{"jsonrpc":"2.0","id":{{message["id"]!.ToJsonString()}},"result":{{result}}}""");
        }
    }

    private async Task<byte[]?> ReadBodyAsync()
    {
        var header = new List<byte>();
        var one = new byte[1];
        while (!(header.Count >= 4 && header[^4..].SequenceEqual("\r\n\r\n"u8.ToArray())))
        {
            if (await fromServer.ReadAsync(one) == 0)
            {
                return null;
            }
            header.Add(one[0]);
        }
        string text = Encoding.ASCII.GetString([.. header]);
        string prefix = "Content-Length: ";
        if (!text.StartsWith(prefix, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"the server's output is not a frame: {text}");
        }
        var body = new byte[int.Parse(text.AsSpan(prefix.Length).TrimEnd(), CultureInfo.InvariantCulture)];
        await fromServer.ReadExactlyAsync(body);
        return body;
    }
}
