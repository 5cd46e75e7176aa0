using System.Text.Json.Nodes;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Tests.Protocol;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Handlers;

public sealed class InfillTests
{
    private const string Uri = "file:///a.cs";
    private const string Text = "int a = 1;\r\nint b = 2;\n";

    [Fact]
    public async Task Infill_TwoSpansInAnyOrder_AnswersInTheRequestsOrder()
    {
        var engine = new ScriptedEngine();
        await using InMemorySession session = await OpenAsync(engine);
        JsonObject answer = await InfillAsync(session, "[1,8,1,9],[0,8,0,8]", """, "maxNewTokens": 12""");
        JsonNode expected = JsonNode.Parse(
            """
            {
              "version": 1,
              "spans": [
                {
                  "range": { "start": { "line": 1, "character": 8 }, "end": { "line": 1, "character": 9 } },
                  "newText": "filled", "tokens": 3, "forwards": 5, "confidence": 0.9
                },
                {
                  "range": { "start": { "line": 0, "character": 8 }, "end": { "line": 0, "character": 8 } },
                  "newText": "filled", "tokens": 3, "forwards": 5, "confidence": 0.9
                }
              ],
              "edits": [
                { "range": { "start": { "line": 0, "character": 8 }, "end": { "line": 0, "character": 8 } }, "newText": "filled" },
                { "range": { "start": { "line": 1, "character": 8 }, "end": { "line": 1, "character": 9 } }, "newText": "filled" }
              ]
            }
            """
        )!;
        Assert.True(JsonNode.DeepEquals(expected, answer["result"]), answer.ToJsonString());
        InfillRequest request = Assert.Single(engine.Requests);
        Assert.Equal(Text, request.Text);
        Assert.Equal([new TextSpan(8, 0), new TextSpan(20, 1)], request.Spans);
        Assert.Equal(12, request.Options.MaxNewTokens);
    }

    [Fact]
    public async Task Infill_Pinned_KeepsItsTextToTheLetter()
    {
        var engine = new ScriptedEngine();
        await using InMemorySession session = await OpenAsync(engine);
        // "= 1;\r\nint b" is pinned.
        string pinned = ""","pinned":[{"start":{"line":0,"character":6},"end":{"line":1,"character":5} }]""";
        JsonObject answer = await InfillAsync(session, "[0,4,1,9]", pinned);
        Assert.Equal([new TextSpan(4, 2), new TextSpan(17, 4)], Assert.Single(engine.Requests).Spans);
        JsonNode span = Assert.Single(answer["result"]!["spans"]!.AsArray())!;
        Assert.Equal("filled= 1;\r\nint bfilled", (string?)span["newText"]);
        Assert.Equal(6, (int)span["tokens"]!);
        Assert.Equal([0, 1], answer["result"]!["edits"]!.AsArray().Select(edit => (int)edit!["range"]!["start"]!["line"]!));
        Assert.All(answer["result"]!["edits"]!.AsArray(), edit => Assert.Equal("filled", (string?)edit!["newText"]));
        JsonObject all = await InfillAsync(session, "[0,6,1,5]", pinned);
        Assert.Equal("= 1;\r\nint b", (string?)all["result"]!["spans"]![0]!["newText"]);
        LifecycleTests.AssertError(-32602, await InfillAsync(session, "[0,7,1,9]", pinned));
    }

    [Fact]
    public async Task Infill_PositionsOutside_AreClamped()
    {
        var engine = new ScriptedEngine();
        await using InMemorySession session = await OpenAsync(engine);
        JsonObject answer = await InfillAsync(session, "[0,9,0,4294967295],[9,0,9007199254740991,5]");
        Assert.Equal([new TextSpan(9, 1), new TextSpan(Text.Length, 0)], Assert.Single(engine.Requests).Spans);
        Assert.Equal(10, (int)answer["result"]!["spans"]![0]!["range"]!["end"]!["character"]!);
    }

    [Theory]
    [InlineData("[0,0,0,5],[0,4,0,6]")]
    [InlineData("[0,4,0,6],[0,0,0,5]")]
    [InlineData("[0,4,0,4],[0,4,0,4]")]
    [InlineData("[0,5,0,4]")]
    [InlineData("")]
    public async Task Infill_SpansOverlapOrAreReversedOrNone_AreWrongParams(string spans)
    {
        await using InMemorySession session = await OpenAsync(new ScriptedEngine());
        LifecycleTests.AssertError(-32602, await InfillAsync(session, spans));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("1000000")]
    [InlineData("\"many\"")]
    [InlineData("1.5")]
    public async Task Infill_MaxNewTokensOutOfBounds_IsWrongParams(string tokens)
    {
        await using InMemorySession session = await OpenAsync(new ScriptedEngine());
        LifecycleTests.AssertError(-32602, await InfillAsync(session, "[0,0,0,0]", $""", "maxNewTokens": {tokens}"""));
    }

    [Fact]
    public async Task Infill_DocumentNotOpen_IsWrongParams()
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        LifecycleTests.AssertError(-32602, await InfillAsync(session, "[0,0,0,0]"));
    }

    [Fact]
    public async Task Infill_OlderVersion_IsContentModified()
    {
        var engine = new ScriptedEngine();
        await using InMemorySession session = await OpenAsync(engine);
        await session.Client.ReplaceAsync(Uri, "other", 2);
        LifecycleTests.AssertError(-32801, await InfillAsync(session, "[0,0,0,0]", version: 1));
        Assert.Empty(engine.Requests);
        Assert.Equal(2, (int)(await InfillAsync(session, "[0,0,0,0]", version: 2))["result"]!["version"]!);
    }

    [Fact]
    public async Task Infill_DocumentChangesMeanwhile_StopsAndIsContentModified()
    {
        var engine = new ScriptedEngine { Steps = 100 };
        await using InMemorySession session = await OpenAsync(engine);
        Task<JsonObject> answer = InfillAsync(session, "[0,0,0,0]");
        await engine.StartedAsync();
        engine.Release(3);
        await session.Client.ReplaceAsync(Uri, "other", 2);
        LifecycleTests.AssertError(-32801, await answer);
        Assert.InRange(engine.StepsRun, 0, 3);
    }

    [Fact]
    public async Task Infill_Cancelled_StopsBetweenSteps()
    {
        var engine = new ScriptedEngine { Steps = 100 };
        await using InMemorySession session = await OpenAsync(engine);
        Task<JsonObject> answer = session.Client.RequestAsync("stableDiffCoder/infill", Parameters("[0,0,0,0]"), out int id);
        await engine.StartedAsync();
        engine.Release(2);
        await session.Client.NotifyAsync("$/cancelRequest", $$"""{"id":{{id}}}""");
        LifecycleTests.AssertError(-32800, await answer);
        Assert.InRange(engine.StepsRun, 0, 2);
    }

    [Fact]
    public async Task Infill_EngineFails_IsOurFaultWithoutStackOrText()
    {
        var engine = new ScriptedEngine { Failure = new InvalidOperationException($"cannot digest {Text}") };
        await using InMemorySession session = await OpenAsync(engine);
        JsonObject answer = await InfillAsync(session, "[0,0,0,0]");
        LifecycleTests.AssertError(-32603, answer);
        Assert.DoesNotContain("digest", answer.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.ToJsonString(), StringComparison.Ordinal);
        Assert.False(((JsonObject)answer["error"]!).ContainsKey("data"));
        LifecycleTests.AssertError(-32603, await InfillAsync(session, "[0,0,0,0]"));
    }

    [Fact]
    public async Task Infill_RequestDoesNotSuitTheModel_SaysWhy()
    {
        var engine = new ScriptedEngine { Failure = new ArgumentException("maxNewTokens is 64; the window holds 32") };
        await using InMemorySession session = await OpenAsync(engine);
        JsonObject answer = await InfillAsync(session, "[0,0,0,0]");
        LifecycleTests.AssertError(-32602, answer);
        Assert.Contains("the window holds 32", (string?)answer["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infill_ModelStillLoading_WaitsForIt()
    {
        var loaded = new TaskCompletionSource<IInfillEngine>();
        await using InMemorySession session = InMemorySession.Start((_, _) => loaded.Task);
        await session.Client.InitializeAsync();
        await session.Client.OpenAsync(Uri, Text);
        Task<JsonObject> answer = InfillAsync(session, "[0,0,0,0]");
        LifecycleTests.AssertError(-32601, await session.Client.RequestAsync("no/such/method"));
        Assert.False(answer.IsCompleted);
        loaded.SetResult(new ScriptedEngine());
        Assert.NotNull((await answer)["result"]);
    }

    private static async Task<InMemorySession> OpenAsync(ScriptedEngine engine)
    {
        InMemorySession session = await InMemorySession.ReadyAsync(engine, ScriptedEngine.AsItIs);
        await session.Client.OpenAsync(Uri, Text);
        return session;
    }

    private static Task<JsonObject> InfillAsync(InMemorySession session, string spans, string more = "", int? version = null) =>
        session.Client.RequestAsync("stableDiffCoder/infill", Parameters(spans, more, version));

    /// <summary>Parameters with spans given as "[line,character,line,character],…".</summary>
    private static string Parameters(string spans, string more = "", int? version = null)
    {
        IEnumerable<string> ranges = JsonNode
            .Parse($"[{spans}]")!
            .AsArray()
            .Select(s => $$"""{"start":{"line":{{s![0]}},"character":{{s[1]}} },"end":{"line":{{s[2]}},"character":{{s[3]}} } }""");
        string versioned = version is null ? "" : $""","version":{version}""";
        return $$"""{"textDocument":{"uri":"{{Uri}}"{{versioned}} },"spans":[{{string.Join(',', ranges)}}]{{more}} }""";
    }
}
