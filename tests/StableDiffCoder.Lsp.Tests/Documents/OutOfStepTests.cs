using System.Text;
using System.Text.Json.Nodes;
using StableDiffCoder.Lsp.Tests.Protocol;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Documents;

/// <summary>A change that cannot be applied silences its document, and says so once, until the client sends the whole text again.</summary>
public sealed class OutOfStepTests
{
    private const string Uri = "file:///src/a.cs";
    private const string Other = "file:///src/b.cs";
    private const string Edit = """{"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":0} },"text":"x"}""";

    public static TheoryData<string> LostChanges =>
        [
            Change($$"""{"textDocument":{"uri":"{{Uri}}","version":2},"contentChanges":[null]}"""),
            Change($$"""{"textDocument":{"uri":"{{Uri}}","version":2},"contentChanges":[{}]}"""),
            Change($$"""{"textDocument":{"uri":"{{Uri}}","version":2},"contentChanges":{} }"""),
            Change($$"""{"textDocument":{"uri":"{{Uri}}","version":2} }"""),
            Change($$"""{"textDocument":{"uri":"{{Uri}}"},"contentChanges":[{{Edit}}]}"""),
            Change($$"""{"textDocument":{"uri":"{{Uri}}","version":2},"contentChanges":[{"range":[],"text":"x"}]}"""),
            Change($$"""{"textDocument":{"uri":"{{Uri}}","version":0},"contentChanges":[{{Edit}}]}"""),
            Change($$"""{"textDocument":{"uri":"{{Uri}}","version":2},"contentChanges":[{{Edit}}]"""), // a brace is missing
            Change($$"""{"textDocument":{"uri":"{{Uri}}","version":2},"contentChanges":[{"text":"\ud8"}]}"""),
            Change("7"),
            Change("[1]"),
            Change("[1,2]"),
            Change("{}"),
            Change("""{"textDocument":{"uri":"\ud800"} }"""),
            """{"jsonrpc":"2.0","method":"textDocument\/didChange","params":""",
            $$"""{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"{{Uri}}"} } }""",
        ];

    [Theory]
    [MemberData(nameof(LostChanges))]
    public async Task Change_CannotBeApplied_SilencesTheDocumentUntilItsWholeTextComes(string change)
    {
        await using InMemorySession session = await OpenAsync();
        await session.Client.SendAsync(change);
        await AssertSilentAsync(session);
        await session.Client.NotifyAsync(
            "textDocument/didChange",
            $$"""{"textDocument":{"uri":"{{Uri}}","version":7},"contentChanges":[{{Edit}}]}"""
        );
        await AssertSilentAsync(session);
        Assert.Single(Warnings(session), warning => warning.Contains("a.cs", StringComparison.Ordinal));

        await session.Client.ReplaceAsync(Uri, "int c = ", 8);
        Assert.NotNull((await CompleteAsync(session, Uri))["result"]);
    }

    [Fact]
    public async Task Open_WithoutALanguage_IsAPlainDocument()
    {
        await using InMemorySession session = await OpenAsync();
        await session.Client.NotifyAsync(
            "textDocument/didOpen",
            $$"""{"textDocument":{"uri":"{{Other}}","version":1,"text":"int b = "} }"""
        );
        Assert.False((await CompleteAsync(session, Other)).ContainsKey("error"));
        Assert.NotNull((await CompleteAsync(session, Uri))["result"]);
    }

    [Fact]
    public async Task Change_OfAnotherDocument_SilencesOnlyThatOne()
    {
        await using InMemorySession session = await OpenAsync();
        await session.Client.OpenAsync(Other, "int b = ");
        await session.Client.SendAsync(Change($$"""{"textDocument":{"uri":"{{Other}}","version":2},"contentChanges":[7]}"""));
        Assert.NotNull((await CompleteAsync(session, Uri))["result"]);
        Assert.Null((await CompleteAsync(session, Other))["result"]);
        await session.Client.OpenAsync(Other, "int b = ");
        Assert.NotNull((await CompleteAsync(session, Other))["result"]);
    }

    [Fact]
    public async Task Change_InSkippedBytes_SilencesEveryDocument()
    {
        await using InMemorySession session = await OpenAsync();
        Task<JsonObject> answer = session.Client.AnswerTo("null");
        string change = Change($$"""{"textDocument":{"uri":"{{Uri}}","version":2},"contentChanges":[{{Edit}}]}""");
        await session.Client.SendBytesAsync(Encoding.ASCII.GetBytes($"Content-Length: 67108865\r\n\r\n{change}"));
        LifecycleTests.AssertError(-32700, await answer);
        await AssertSilentAsync(session);
    }

    [Fact]
    public async Task Change_BehindATooShortLength_SilencesEveryDocument()
    {
        await using InMemorySession session = await OpenAsync();
        Task<JsonObject> answer = session.Client.AnswerTo("null");
        string change = Change($$"""{"textDocument":{"uri":"{{Uri}}","version":2},"contentChanges":[{{Edit}}]}""");
        await session.Client.SendBytesAsync(Encoding.ASCII.GetBytes($"Content-Length: 20\r\n\r\n{change}"));
        LifecycleTests.AssertError(-32700, await answer);
        await AssertSilentAsync(session);
    }

    [Fact]
    public async Task Change_LostBehindOthers_IsNoticedInItsTurn()
    {
        await using InMemorySession session = await OpenAsync();
        byte[] glued =
        [
            .. LspTestClient.Frame(Change("7")),
            .. LspTestClient.Frame(Change($$"""{"textDocument":{"uri":"{{Uri}}","version":3},"contentChanges":[{"text":"int c = "}]}""")),
        ];
        await session.Client.SendBytesAsync(glued);
        Assert.NotNull((await CompleteAsync(session, Uri))["result"]);
    }

    [Fact]
    public async Task Bytes_WithoutAChange_SilenceNothing()
    {
        await using InMemorySession session = await OpenAsync();
        await session.Client.SendAsync("""{"jsonrpc":"2.0","method":"textDocument/didClose","params":7}""");
        await session.Client.SendAsync("{");
        Assert.NotNull((await CompleteAsync(session, Uri))["result"]);
        Assert.Empty(Warnings(session));
    }

    [Fact]
    public async Task Infill_OutOfStep_SaysWhy()
    {
        await using InMemorySession session = await OpenAsync();
        await session.Client.SendAsync(Change("7"));
        JsonObject answer = await session.Client.RequestAsync(
            "stableDiffCoder/infill",
            $$"""{"textDocument":{"uri":"{{Uri}}"},"spans":[{"start":{"line":0,"character":0},"end":{"line":0,"character":0} }]}"""
        );
        LifecycleTests.AssertError(-32803, answer);
        Assert.Contains("out of step", (string?)answer["error"]!["message"], StringComparison.Ordinal);
    }

    private static async Task<InMemorySession> OpenAsync()
    {
        InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine { Fill = "1 + 2;" });
        await session.Client.OpenAsync(Uri, "int a = ");
        Assert.NotNull((await CompleteAsync(session, Uri))["result"]);
        return session;
    }

    private static async Task AssertSilentAsync(InMemorySession session)
    {
        JsonObject answer = await CompleteAsync(session, Uri);
        Assert.True(answer.ContainsKey("result") && answer["result"] is null, answer.ToJsonString());
    }

    private static IEnumerable<string> Warnings(InMemorySession session) =>
        session
            .Client.Received.Where(sent => (string?)sent["method"] == "window/showMessage")
            .Select(sent => (string)sent["params"]!["message"]!);

    private static Task<JsonObject> CompleteAsync(InMemorySession session, string uri) =>
        session.Client.RequestAsync(
            "textDocument/inlineCompletion",
            $$"""{"textDocument":{"uri":"{{uri}}"},"position":{"line":0,"character":8},"context":{"triggerKind":1} }"""
        );

    private static string Change(string parameters) => $$"""{"jsonrpc":"2.0","method":"textDocument/didChange","params":{{parameters}}}""";
}
