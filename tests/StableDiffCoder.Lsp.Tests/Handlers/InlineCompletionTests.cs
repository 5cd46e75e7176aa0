using System.Text.Json.Nodes;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Tests.Protocol;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Handlers;

public sealed class InlineCompletionTests
{
    private const string Uri = "file:///a.cs";
    private const int Invoked = 1;
    private const int Automatic = 2;

    [Fact]
    public async Task InlineCompletion_CursorAtLineEnd_InsertsThere()
    {
        var engine = new ScriptedEngine { Fill = "1 + 2;" };
        await using InMemorySession session = await OpenAsync(engine, "int a = \nint b;");
        JsonObject answer = await CompleteAsync(session, 0, 8, Automatic);
        JsonNode expected = JsonNode.Parse(
            """
            {
              "items": [
                {
                  "insertText": "1 + 2;",
                  "filterText": "1 + 2;",
                  "range": { "start": { "line": 0, "character": 8 }, "end": { "line": 0, "character": 8 } },
                  "command": { "title": "Accepted", "command": "stableDiffCoder.completionAccepted", "arguments": [1] }
                }
              ]
            }
            """
        )!;
        Assert.True(JsonNode.DeepEquals(expected, answer["result"]), answer.ToJsonString());
        InfillRequest request = Assert.Single(engine.Requests);
        Assert.Equal([new TextSpan(8, 0)], request.Spans);
        Assert.Equal(["\n"], request.Options.StopStrings);
    }

    [Theory]
    // the line, | being the cursor; the model's text; what is inserted, null when nothing is
    [InlineData("f(|)", "x)", "x")]
    [InlineData("f(|)", "g(x)", "g(x)")]
    [InlineData("f(|);", "x);", "x")]
    [InlineData("a[|]", "i]", "i")]
    [InlineData("var x = |;", "1;", "1")]
    [InlineData("x = | + 1", "y + 1", "y")]
    [InlineData("|", "a\r", "a")]
    [InlineData("|", "a\nb", "a\nb")]
    [InlineData("a = |", "b\nc", "b")]
    [InlineData("f(|)", "x, y);", "x, y);")]
    [InlineData("// |", "words", null)]
    [InlineData("wo|rd", "words", null)]
    [InlineData("|", "", null)]
    [InlineData("|", "  \t", null)]
    [InlineData("f(|)", ")", null)]
    [InlineData("if (x) {|", "\n  y();\n}", "\n  y();\n}")]
    public async Task InlineCompletion_LineSaysItAlready_IsTrimmed(string line, string fill, string? expected)
    {
        await using InMemorySession session = await OpenAsync(
            new ScriptedEngine { Fill = fill },
            line.Replace("|", "", StringComparison.Ordinal)
        );
        JsonObject answer = await CompleteAsync(session, 0, line.IndexOf('|', StringComparison.Ordinal));
        Assert.Equal(expected, (string?)answer["result"]?["items"]?[0]?["insertText"]);
    }

    [Fact]
    public async Task InlineCompletion_BlockCutByBudget_EndsWithAWholeLine()
    {
        var engine = new ScriptedEngine { Fill = "\n  y();\n  half a", Stop = InfillStop.Length };
        await using InMemorySession session = await OpenAsync(engine, "if (x) {");
        Assert.Equal("\n  y();", (string?)(await CompleteAsync(session, 0, 8))["result"]!["items"]![0]!["insertText"]);
        InfillRequest request = engine.Requests.First();
        Assert.Equal(["\n\n\n"], request.Options.StopStrings);
        Assert.True(request.Options.StopAtSuffix);
    }

    [Fact]
    public async Task InlineCompletion_OneCharacter_IsForThoseWhoAsk()
    {
        await using InMemorySession session = await OpenAsync(new ScriptedEngine { Fill = "1" }, "int a = ;");
        AssertNull(await session.Client.RequestAsync("textDocument/inlineCompletion", Parameters(Uri, 0, 8, Automatic)));
        Assert.NotNull((await CompleteAsync(session, 0, 8))["result"]);
    }

    [Fact]
    public async Task InlineCompletion_InAComment_AsksNoModel()
    {
        var engine = new ScriptedEngine();
        await using InMemorySession session = await OpenAsync(engine, "int a; // one ");
        AssertNull(await CompleteAsync(session, 0, 14));
        Assert.Empty(engine.Requests);
    }

    [Fact]
    public async Task InlineCompletion_ClosingBracketOfTheEditor_IsInTheRange()
    {
        await using InMemorySession session = await OpenAsync(new ScriptedEngine { Fill = "x, y);" }, "f()");
        JsonNode range = (await CompleteAsync(session, 0, 2))["result"]!["items"]![0]!["range"]!;
        Assert.Equal([2, 3], new[] { range["start"]!, range["end"]! }.Select(position => (int)position["character"]!));
    }

    [Fact]
    public async Task InlineCompletion_NewerRequest_AnswersTheOlderWithNull()
    {
        var engine = new ScriptedEngine { Steps = 10 };
        await using InMemorySession session = await OpenAsync(engine, "int a = ");
        Task<JsonObject> older = CompleteAsync(session, 0, 8);
        await engine.StartedAsync();
        Task<JsonObject> newer = CompleteAsync(session, 0, 7);
        AssertNull(await older);
        await engine.StartedAsync();
        engine.Release(100);
        Assert.NotNull((await newer)["result"]);
    }

    [Fact]
    public async Task InlineCompletion_OtherDocument_DoesNotSupersede()
    {
        var engine = new ScriptedEngine { Steps = 1 };
        await using InMemorySession session = await OpenAsync(engine, "int a = ");
        await session.Client.OpenAsync("file:///b.cs", "int b = ");
        Task<JsonObject> first = CompleteAsync(session, 0, 8);
        Task<JsonObject> second = session.Client.RequestAsync("textDocument/inlineCompletion", Parameters("file:///b.cs", 0, 8));
        engine.Release(100);
        Assert.NotNull((await first)["result"]);
        Assert.NotNull((await second)["result"]);
    }

    [Fact]
    public async Task InlineCompletion_DocumentChanges_AnswersNull()
    {
        var engine = new ScriptedEngine { Steps = 10 };
        await using InMemorySession session = await OpenAsync(engine, "int a = ");
        Task<JsonObject> answer = CompleteAsync(session, 0, 8);
        await engine.StartedAsync();
        await session.Client.ReplaceAsync(Uri, "int ab = ", 2);
        AssertNull(await answer);
        Assert.Equal(0, engine.StepsRun);
    }

    [Fact]
    public async Task InlineCompletion_DocumentCloses_AnswersNull()
    {
        var engine = new ScriptedEngine { Steps = 10 };
        await using InMemorySession session = await OpenAsync(engine, "int a = ");
        Task<JsonObject> answer = CompleteAsync(session, 0, 8);
        await engine.StartedAsync();
        await session.Client.NotifyAsync("textDocument/didClose", $$"""{"textDocument":{"uri":"{{Uri}}"} }""");
        AssertNull(await answer);
        AssertNull(await CompleteAsync(session, 0, 8));
    }

    [Fact]
    public async Task InlineCompletion_Cancelled_IsCancelled()
    {
        var engine = new ScriptedEngine { Steps = 10 };
        await using InMemorySession session = await OpenAsync(engine, "int a = ");
        Task<JsonObject> answer = session.Client.RequestAsync("textDocument/inlineCompletion", Parameters(Uri, 0, 8), out int id);
        await engine.StartedAsync();
        await session.Client.NotifyAsync("$/cancelRequest", $$"""{"id":{{id}} }""");
        LifecycleTests.AssertError(-32800, await answer);
        Assert.Equal(0, engine.StepsRun);
    }

    [Fact]
    public async Task InlineCompletion_EngineFails_AnswersNull()
    {
        await using InMemorySession session = await OpenAsync(new ScriptedEngine { Failure = new InvalidOperationException("no") }, "int");
        AssertNull(await CompleteAsync(session, 0, 3));
    }

    [Fact]
    public async Task InlineCompletion_DocumentNotOpen_AnswersNull()
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        AssertNull(await CompleteAsync(session, 0, 0));
    }

    private static async Task<InMemorySession> OpenAsync(ScriptedEngine engine, string text)
    {
        InMemorySession session = await InMemorySession.ReadyAsync(engine);
        await session.Client.OpenAsync(Uri, text);
        return session;
    }

    private static Task<JsonObject> CompleteAsync(InMemorySession session, int line, int character, int trigger = Invoked) =>
        session.Client.RequestAsync("textDocument/inlineCompletion", Parameters(Uri, line, character, trigger));

    private static string Parameters(string uri, int line, int character, int trigger = Invoked) =>
        $$"""{"textDocument":{"uri":"{{uri}}"},"position":{"line":{{line}},"character":{{character}} },"context":{"triggerKind":{{trigger}}} }""";

    private static void AssertNull(JsonObject answer) =>
        Assert.True(answer.ContainsKey("result") && answer["result"] is null, answer.ToJsonString());
}
