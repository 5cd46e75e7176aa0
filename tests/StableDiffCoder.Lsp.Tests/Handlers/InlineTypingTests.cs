using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using StableDiffCoder.Lsp.Completions;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Handlers;

/// <summary>Suggestions while a user types: a pause is waited for, what was offered needs no model, the next one is prepared.</summary>
public sealed class InlineTypingTests
{
    private const string Uri = "file:///a.cs";

    [Fact]
    public async Task Typing_WhatWasOffered_NeedsNoModel()
    {
        var engine = new ScriptedEngine { Fill = "1 + 2;" };
        await using InMemorySession session = await OpenAsync(engine, "int a = ");
        JsonNode first = Item(await CompleteAsync(session, 8))!;
        await session.Client.ReplaceAsync(Uri, "int a = 1 ", 2);
        JsonNode second = Item(await CompleteAsync(session, 10))!;
        Assert.Equal("+ 2;", (string?)second["insertText"]);
        Assert.Equal("+ 2;", (string?)second["filterText"]);
        Assert.Equal(first["command"]!.ToJsonString(), second["command"]!.ToJsonString());
        Assert.Single(engine.Requests);
        await session.Client.ReplaceAsync(Uri, "int a = 1 -", 3);
        Assert.Equal("1 + 2;", (string?)Item(await CompleteAsync(session, 11))!["insertText"]);
        Assert.Equal(2, engine.Requests.Count);
    }

    [Fact]
    public async Task Typing_ABracketThatTheEditorCloses_TakesItUp()
    {
        var engine = new ScriptedEngine { Fill = "(a, b);" };
        await using InMemorySession session = await OpenAsync(engine, "Call");
        Assert.NotNull(Item(await CompleteAsync(session, 4)));
        await session.Client.ReplaceAsync(Uri, "Call()", 2);
        JsonNode item = Item(await CompleteAsync(session, 5))!;
        Assert.Equal("a, b);", (string?)item["insertText"]);
        Assert.Equal([5, 6], new[] { item["range"]!["start"]!, item["range"]!["end"]! }.Select(position => (int)position["character"]!));
        Assert.Single(engine.Requests);
    }

    [Fact]
    public async Task Accepted_TheNextOne_IsPrepared()
    {
        var engine = new ScriptedEngine { Answer = request => request.Text.EndsWith(".C()", StringComparison.Ordinal) ? ".D();" : ".C()" };
        await using InMemorySession session = await OpenAsync(engine, "var a = b");
        Assert.Equal(".C()", (string?)Item(await CompleteAsync(session, 9))!["insertText"]);
        await engine.StartedAsync();
        await session.Client.ReplaceAsync(Uri, "var a = b.C()", 2);
        await engine.StartedAsync();
        Assert.Equal(".D();", (string?)Item(await CompleteAsync(session, 13))!["insertText"]);
        Assert.Equal(2, engine.Requests.Count);
    }

    [Fact]
    public async Task Accepted_PreparedWhileTheUserGoesOn_IsDropped()
    {
        var engine = new ScriptedEngine
        {
            Answer = request => request.Text.EndsWith(".C()", StringComparison.Ordinal) ? ".D();" : ".C()",
            Steps = 5,
        };
        await using InMemorySession session = await OpenAsync(engine, "var a = b");
        engine.Release(5);
        Assert.NotNull(Item(await CompleteAsync(session, 9)));
        await engine.StartedAsync();
        await session.Client.ReplaceAsync(Uri, "var a = b.C()", 2);
        await engine.StartedAsync();
        Task<JsonObject> joined = CompleteAsync(session, 13);
        await session.Client.ReplaceAsync(Uri, "var a = b.C();", 3);
        Assert.Null(Item(await joined));
        Assert.Equal(5, engine.StepsRun);
    }

    [Fact]
    public async Task Accepted_NotToBePrepared_IsNot()
    {
        var engine = new ScriptedEngine { Fill = ".C()" };
        var options = new LanguageServerOptions { InlineCompletion = new InlineCompletionOptions { PrepareNext = false } };
        await using InMemorySession session = await OpenAsync(engine, "var a = b", options);
        Assert.NotNull(Item(await CompleteAsync(session, 9)));
        await session.Client.ReplaceAsync(Uri, "var a = b.C()", 2);
        await BarrierAsync(session);
        Assert.Single(engine.Requests);
    }

    [Fact]
    public async Task Automatic_WhileTyping_WaitsForAPause()
    {
        var time = new FakeTimeProvider();
        var engine = new ScriptedEngine { Fill = "1 + 2;" };
        await using InMemorySession session = await OpenAsync(engine, "int ", time: time);
        string text = "int a = ";
        var answers = new List<Task<JsonObject>>();
        for (int length = 5; length <= text.Length; length++)
        {
            await session.Client.ReplaceAsync(Uri, text[..length], length);
            answers.Add(CompleteAsync(session, length));
            await BarrierAsync(session);
            time.Advance(TimeSpan.FromMilliseconds(70));
        }
        Assert.Empty(engine.Requests);
        foreach (Task<JsonObject> older in answers.SkipLast(1))
        {
            Assert.Null(Item(await older));
        }
        time.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal("1 + 2;", (string?)Item(await answers[^1])!["insertText"]);
        Assert.Single(engine.Requests);
    }

    [Fact]
    public async Task Invoked_WhileTyping_DoesNotWait()
    {
        var engine = new ScriptedEngine { Fill = "1 + 2;" };
        await using InMemorySession session = await OpenAsync(engine, "int", time: new FakeTimeProvider());
        await session.Client.ReplaceAsync(Uri, "int a = ", 2);
        Assert.NotNull(Item(await CompleteAsync(session, 8, trigger: 1)));
    }

    private static async Task<InMemorySession> OpenAsync(
        ScriptedEngine engine,
        string text,
        LanguageServerOptions? options = null,
        TimeProvider? time = null
    )
    {
        InMemorySession session = await InMemorySession.ReadyAsync(engine, options, time);
        await session.Client.OpenAsync(Uri, text);
        return session;
    }

    private static Task<JsonObject> CompleteAsync(InMemorySession session, int character, int trigger = 2) =>
        session.Client.RequestAsync(
            "textDocument/inlineCompletion",
            $$"""{"textDocument":{"uri":"{{Uri}}"},"position":{"line":0,"character":{{character}} },"context":{"triggerKind":{{trigger}} } }"""
        );

    /// <summary>When it is answered, every message before it has had its turn.</summary>
    private static Task<JsonObject> BarrierAsync(InMemorySession session) =>
        session.Client.RequestAsync("workspace/executeCommand", """{"command":"stableDiffCoder.completionAccepted","arguments":[0]}""");

    private static JsonNode? Item(JsonObject answer)
    {
        Assert.False(answer.ContainsKey("error"), answer.ToJsonString());
        return answer["result"]?["items"]?[0];
    }
}
