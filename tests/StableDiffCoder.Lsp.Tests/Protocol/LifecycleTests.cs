using System.Text.Json.Nodes;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Protocol;

public sealed class LifecycleTests
{
    private const string InlineCompletionAtStart = """{"textDocument":{"uri":"file:///a.cs"},"position":{"line":0,"character":0}}""";

    [Fact]
    public async Task Initialize_TellsWhatTheServerDoes()
    {
        await using InMemorySession session = InMemorySession.Start(new ScriptedEngine());
        JsonObject answer = await session.Client.InitializeAsync();
        JsonNode expected = JsonNode.Parse(
            """
            {
              "positionEncoding": "utf-16",
              "textDocumentSync": { "openClose": true, "change": 2, "save": true },
              "inlineCompletionProvider": true,
              "codeActionProvider": { "codeActionKinds": ["quickfix", "refactor.rewrite"] },
              "executeCommandProvider": { "commands": ["stableDiffCoder.completionAccepted", "stableDiffCoder.server.infill",
                "stableDiffCoder.server.fillHoles", "stableDiffCoder.server.completeMember", "stableDiffCoder.server.edit"] },
              "workspace": { "workspaceFolders": { "supported": true, "changeNotifications": true } }
            }
            """
        )!;
        Assert.True(JsonNode.DeepEquals(expected, answer["result"]!["capabilities"]), answer.ToJsonString());
        Assert.Equal("stable-diffcoder", (string?)answer["result"]!["serverInfo"]!["name"]);
    }

    [Fact]
    public async Task Initialize_ModelStillLoading_IsAnsweredFirst()
    {
        var factoryCalled = new TaskCompletionSource();
        var never = new TaskCompletionSource<IInfillEngine>();
        await using InMemorySession session = InMemorySession.Start(
            (_, cancellationToken) =>
            {
                factoryCalled.SetResult();
                return never.Task.WaitAsync(cancellationToken);
            }
        );
        Assert.False(factoryCalled.Task.IsCompleted);
        JsonObject answer = await session.Client.InitializeAsync();
        Assert.NotNull(answer["result"]);
        await factoryCalled.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await session.Client.OpenAsync("file:///a.cs", "int x = ");
        JsonObject completion = await session.Client.RequestAsync("textDocument/inlineCompletion", InlineCompletionAtStart);
        Assert.True(completion.ContainsKey("result") && completion["result"] is null, completion.ToJsonString());
    }

    [Fact]
    public async Task Request_BeforeInitialize_IsRefused()
    {
        await using InMemorySession session = InMemorySession.Start(new ScriptedEngine());
        foreach (string method in new[] { "textDocument/inlineCompletion", "no/such/method", "shutdown" })
        {
            AssertError(-32002, await session.Client.RequestAsync(method, InlineCompletionAtStart));
        }
        Assert.NotNull((await session.Client.InitializeAsync())["result"]);
    }

    [Fact]
    public async Task Initialize_Twice_IsRefused()
    {
        await using InMemorySession session = InMemorySession.Start(new ScriptedEngine());
        await session.Client.InitializeAsync();
        AssertError(-32600, await session.Client.InitializeAsync());
    }

    [Fact]
    public async Task Initialize_WrongParams_MayBeTriedAgain()
    {
        await using InMemorySession session = InMemorySession.Start(new ScriptedEngine());
        AssertError(-32602, await session.Client.RequestAsync("initialize", """{"capabilities":7}"""));
        AssertError(-32602, await session.Client.RequestAsync("initialize", "[]"));
        AssertError(-32002, await session.Client.RequestAsync("shutdown"));
        Assert.NotNull((await session.Client.InitializeAsync())["result"]);
    }

    [Fact]
    public async Task Exit_AfterShutdown_IsZero()
    {
        var engine = new ScriptedEngine();
        await using InMemorySession session = await InMemorySession.ReadyAsync(engine);
        JsonObject answer = await session.Client.RequestAsync("shutdown");
        Assert.True(answer.ContainsKey("result") && answer["result"] is null, answer.ToJsonString());
        AssertError(-32600, await session.Client.RequestAsync("textDocument/inlineCompletion", InlineCompletionAtStart));
        AssertError(-32600, await session.Client.RequestAsync("no/such/method"));
        AssertError(-32600, await session.Client.RequestAsync("initialize"));
        await session.Client.NotifyAsync("exit");
        Assert.Equal(0, await session.ExitCodeAsync());
        Assert.True(engine.IsDisposed);
    }

    [Fact]
    public async Task Exit_RightBehindShutdown_StillAnswersIt()
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        Task<JsonObject> answer = session.Client.AnswerTo("\"bye\"");
        byte[] both =
        [
            .. LspTestClient.Frame("""{"jsonrpc":"2.0","id":"bye","method":"shutdown"}"""),
            .. LspTestClient.Frame("""{"jsonrpc":"2.0","method":"exit"}"""),
        ];
        await session.Client.SendBytesAsync(both);
        Assert.Null((await answer)["result"]);
        Assert.Equal(0, await session.ExitCodeAsync());
    }

    [Fact]
    public async Task Exit_WithoutShutdown_IsOne()
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        await session.Client.NotifyAsync("exit");
        Assert.Equal(1, await session.ExitCodeAsync());
    }

    [Fact]
    public async Task Exit_BeforeInitialize_IsOne()
    {
        await using InMemorySession session = InMemorySession.Start(new ScriptedEngine());
        await session.Client.NotifyAsync("exit");
        Assert.Equal(1, await session.ExitCodeAsync());
    }

    [Fact]
    public async Task InputCloses_EndsTheServer()
    {
        var engine = new ScriptedEngine { Steps = 1000 };
        await using InMemorySession session = await InMemorySession.ReadyAsync(engine);
        await session.Client.OpenAsync("file:///a.cs", "int x = ");
        await session.Client.SendAsync(
            $$"""{"jsonrpc":"2.0","id":1,"method":"textDocument/inlineCompletion","params":{{InlineCompletionAtStart}}}"""
        );
        await engine.StartedAsync();
        session.Client.Hang();
        Assert.Equal(1, await session.ExitCodeAsync());
        Assert.True(engine.IsDisposed);
    }

    [Fact]
    public async Task Shutdown_NullParams_IsAnswered()
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        JsonObject answer = await session.Client.RequestAsync("shutdown", "null");
        Assert.True(answer.ContainsKey("result") && answer["result"] is null, answer.ToJsonString());
    }

    [Fact]
    public async Task UnknownMethod_IsRefused_AndUnknownNotificationIgnored()
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        AssertError(-32601, await session.Client.RequestAsync("no/such/method"));
        AssertError(-32601, await session.Client.RequestAsync("textDocument/hover"));
        AssertError(-32601, await session.Client.RequestAsync("$/unknown"));
        await session.Client.NotifyAsync("no/such/notification");
        await session.Client.NotifyAsync("$/setTrace", """{"value":"off"}""");
        Assert.Null((await session.Client.RequestAsync("textDocument/inlineCompletion", InlineCompletionAtStart))["result"]);
    }

    internal static void AssertError(int code, JsonObject answer)
    {
        Assert.True(answer["error"] is JsonObject, answer.ToJsonString());
        Assert.Equal(code, (int)answer["error"]!["code"]!);
        Assert.False(string.IsNullOrEmpty((string?)answer["error"]!["message"]));
    }
}
