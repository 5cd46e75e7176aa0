using System.Text;
using System.Text.Json.Nodes;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Protocol;

/// <summary>Nothing a client sends ends the session; whatever asks for an answer gets one.</summary>
public sealed class MalformedInputTests
{
    private static readonly string[] UnreadableBodies =
    [
        "",
        "{",
        "not json",
        "7",
        "\"text\"",
        "null",
        "[]",
        """[{"jsonrpc":"2.0","id":1,"method":"shutdown"}]""",
        "{}",
        """{"jsonrpc":"2.0"}""",
        """{"jsonrpc":"2.0","id":1}""",
        """{"jsonrpc":"2.0","id":1,"method":null}""",
        """{"jsonrpc":"2.0","id":1,"method":5}""",
        """{"jsonrpc":"2.0","id":{},"method":"shutdown"}""",
        """{"jsonrpc":"2.0","id":1.5,"method":"shutdown"}""",
        """{"jsonrpc":"2.0","id":1,"error":{"message":"no code"}}""",
    ];

    public static TheoryData<string> Bodies => [.. UnreadableBodies];

    public static TheoryData<string> BrokenHeaders =>
        [
            "\r\n",
            "Content-Type: text/plain\r\n\r\n",
            "Content-Length: many\r\n\r\n",
            "Content-Length: -1\r\n\r\n",
            "Content-Length: 99999999999999\r\n\r\n",
            "Content-Length: 67108865\r\n\r\n",
            "no colon here\r\n",
            "GET / HTTP/1.1\r\n",
            new string('x', 100_000) + "\n",
            string.Concat(Enumerable.Repeat("a: b\r\n", 100)),
        ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Body_NoMessage_IsAnsweredAndTheSessionGoesOn(string body)
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        LifecycleTests.AssertError(-32700, await session.Client.RawRequestAsync(body, "null"));
        await AssertAliveAsync(session);
    }

    [Theory]
    [MemberData(nameof(BrokenHeaders))]
    public async Task Header_Broken_IsAnsweredAndTheSessionGoesOn(string header)
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        Task<JsonObject> answer = session.Client.AnswerTo("null");
        await session.Client.SendBytesAsync(Encoding.Latin1.GetBytes(header));
        LifecycleTests.AssertError(-32700, await answer);
        await AssertAliveAsync(session);
    }

    [Fact]
    public async Task Body_NotUtf8_IsAnswered()
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        Task<JsonObject> answer = session.Client.AnswerTo("null");
        byte[] body = [.. """{"jsonrpc":"2.0","id":1,"method":"""u8, (byte)'"', 0xFF, 0xC0, (byte)'"', (byte)'}'];
        await session.Client.SendBytesAsync([.. Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\r\n\r\n"), .. body]);
        LifecycleTests.AssertError(-32700, await answer);
        await AssertAliveAsync(session);
    }

    [Fact]
    public async Task Method_HalfACharacter_IsRefusedWithTheRequestsId()
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        JsonObject answer = await session.Client.RawRequestAsync("""{"jsonrpc":"2.0","id":41,"method":"\ud800"}""", "41");
        LifecycleTests.AssertError(-32600, answer);
        await AssertAliveAsync(session);
    }

    [Fact]
    public async Task Length_LargerThanBody_CostsWhatItSwallows()
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        Task<JsonObject> answer = session.Client.AnswerTo("null");
        await session.Client.SendBytesAsync(Encoding.ASCII.GetBytes("Content-Length: 70\r\n\r\n{\"jsonrpc\":\"2.0\"}"));
        byte[] swallowed = LspTestClient.Frame("""{"jsonrpc":"2.0","id":77,"method":"no/such/method"}""");
        await session.Client.SendBytesAsync(swallowed);
        LifecycleTests.AssertError(-32700, await answer);
        await AssertAliveAsync(session);
        Assert.DoesNotContain(session.Client.Received, message => message["id"]?.ToJsonString() == "77");
    }

    [Fact]
    public async Task Frames_SplitAndGlued_AreRead()
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        Task<JsonObject>[] answers = [.. Enumerable.Range(100, 20).Select(id => session.Client.AnswerTo($"{id}"))];
        byte[] glued =
        [
            .. Enumerable
                .Range(100, 20)
                .SelectMany(id => LspTestClient.Frame($$"""{"jsonrpc":"2.0","id":{{id}},"method":"é/{{new string('x', id)}}"}""")),
        ];
        foreach (byte[] piece in glued.Chunk(7))
        {
            await session.Client.SendBytesAsync(piece);
        }
        foreach (JsonObject answer in await Task.WhenAll(answers))
        {
            LifecycleTests.AssertError(-32601, answer);
        }
    }

    [Fact]
    public async Task Header_LowerCaseAndContentType_IsRead()
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        Task<JsonObject> answer = session.Client.AnswerTo("\"a\"");
        string body = """{"jsonrpc":"2.0","id":"a","method":"no/such/method"}""";
        string header = $"content-type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length: {body.Length}\r\n\r\n";
        await session.Client.SendBytesAsync(Encoding.ASCII.GetBytes(header + body));
        LifecycleTests.AssertError(-32601, await answer);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":999,"result":null}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"never","result":{"a":1}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"result":1}""")]
    [InlineData("""{"jsonrpc":"2.0","result":1}""")]
    [InlineData("""{"jsonrpc":"2.0","id":999,"error":{"code":1,"message":"x"}}""")]
    public async Task Response_NobodyAskedFor_IsDropped(string body)
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        await session.Client.SendAsync(body);
        await AssertAliveAsync(session);
        Assert.DoesNotContain(session.Client.Received, message => message.ContainsKey("error") && message["id"] is null);
    }

    [Theory]
    [InlineData("textDocument/inlineCompletion", "7")]
    [InlineData("textDocument/inlineCompletion", "[]")]
    [InlineData("textDocument/inlineCompletion", "{}")]
    [InlineData("textDocument/inlineCompletion", """{"textDocument":{"uri":7},"position":{"line":0,"character":0}}""")]
    [InlineData("textDocument/inlineCompletion", """{"textDocument":{"uri":null},"position":{"line":0,"character":0}}""")]
    [InlineData("textDocument/inlineCompletion", """{"textDocument":{"uri":"a"},"position":{"line":0.5,"character":0}}""")]
    [InlineData("textDocument/inlineCompletion", """{"textDocument":{"uri":"a"},"position":{"line":"0","character":0}}""")]
    [InlineData("textDocument/inlineCompletion", """{"textDocument":{"uri":"\ud800"},"position":{"line":0,"character":0}}""")]
    [InlineData("stableDiffCoder/infill", """{"textDocument":{"uri":"file:///a.cs"}}""")]
    [InlineData("stableDiffCoder/infill", """{"textDocument":{"uri":"file:///a.cs"},"spans":[null]}""")]
    [InlineData("stableDiffCoder/infill", """{"textDocument":{"uri":"file:///a.cs"},"spans":{}}""")]
    public async Task Params_Wrong_AreRefusedWithTheRequestsId(string method, string parameters)
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        await session.Client.OpenAsync("file:///a.cs", "int x = ");
        JsonObject answer = await session.Client.RequestAsync(method, parameters);
        LifecycleTests.AssertError(-32602, answer);
        Assert.DoesNotContain("StreamJsonRpc", answer.ToJsonString(), StringComparison.Ordinal);
        await AssertAliveAsync(session);
    }

    [Theory]
    [InlineData("textDocument/didOpen", "{}")]
    [InlineData("textDocument/didOpen", "null")]
    [InlineData("textDocument/didChange", """{"textDocument":{"uri":"file:///none.cs","version":2},"contentChanges":[{"text":"x"}]}""")]
    [InlineData("textDocument/didChange", "[1]")]
    [InlineData("textDocument/didChange", """{"textDocument":{"uri":"file:///none.cs","version":2},"contentChanges":[null]}""")]
    [InlineData("textDocument/didClose", """{"textDocument":{"uri":"file:///none.cs"}}""")]
    [InlineData("$/cancelRequest", """{"id":{}}""")]
    [InlineData("$/cancelRequest", """{"id":12345}""")]
    [InlineData("$/cancelRequest", "{}")]
    [InlineData("$/progress", """{"token":1,"value":{}}""")]
    public async Task Notification_Wrong_IsIgnored(string method, string parameters)
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        await session.Client.NotifyAsync(method, parameters);
        await AssertAliveAsync(session);
    }

    [Fact]
    public async Task Request_IdStillOpen_IsRefusedAndTheFirstGoesOn()
    {
        var engine = new ScriptedEngine { Steps = 1 };
        await using InMemorySession session = await InMemorySession.ReadyAsync(engine, ScriptedEngine.AsItIs);
        await session.Client.OpenAsync("file:///a.cs", "int x = ");
        string infill =
            """{"jsonrpc":"2.0","id":5000,"method":"stableDiffCoder/infill","params":{"textDocument":{"uri":"file:///a.cs"},"spans":[{"start":{"line":0,"character":8},"end":{"line":0,"character":8} } ]} }""";
        await session.Client.SendAsync(infill);
        await engine.StartedAsync();
        LifecycleTests.AssertError(-32600, await session.Client.RawRequestAsync(infill, "5000"));
        Task<JsonObject> first = session.Client.AnswerTo("5000");
        engine.Release(1);
        Assert.NotNull((await first)["result"]);
    }

    private static async Task AssertAliveAsync(InMemorySession session)
    {
        JsonObject answer = await session.Client.RequestAsync("still/there");
        LifecycleTests.AssertError(-32601, answer);
    }
}
