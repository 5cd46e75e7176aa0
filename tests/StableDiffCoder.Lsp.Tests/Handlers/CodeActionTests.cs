using System.Text.Json.Nodes;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Tests.Protocol;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Handlers;

public sealed class CodeActionTests
{
    private const string Uri = "file:///a.cs";
    private const string Text = """
        class C
        {
            // Why ???
            int a = ???;
            string b = "???";
            int M()
            {
            }
            C() { }
            void N() { /* nothing */ }
            int P => ;
        }

        """;
    private const string Capabilities =
        """{"textDocument":{"codeAction":{"codeActionLiteralSupport":{}}},"workspace":{"applyEdit":true,"workspaceEdit":{"documentChanges":true}},"window":{"workDoneProgress":true}}""";
    private const string Diagnostic =
        """{"range":{"start":{"line":3,"character":12},"end":{"line":3,"character":15}},"message":"Invalid expression term '?'","code":"CS1525"}""";

    private static readonly Func<EditRequest, string> Edit = request =>
        request.Text.Substring(request.Span.Start, request.Span.Length).Replace("???", "1", StringComparison.Ordinal);

    [Theory]
    [InlineData("[3,4,3,16]", true, "{}", "Fix: Invalid expression term '?'|Fill the selection|Fill the 2 holes in this file")]
    [InlineData(
        "[3,4,3,4]",
        true,
        """{"instructionPrompt":true}""",
        "Fix: Invalid expression term '?'|Fill the 2 holes in this file|Edit with an instruction…"
    )]
    [InlineData("[5,8,5,8]", true, "{}", "Fix: Invalid expression term '?'|Complete this member|Fill the 2 holes in this file")]
    [InlineData("[3,4,3,16]", false, """{"instructionPrompt":true}""", "Fill the selection|Fill the 2 holes in this file")]
    public async Task CodeAction_Place_OffersWhatTheModelCanDo(string range, bool canEdit, string options, string titles)
    {
        await using InMemorySession session = await OpenAsync(new ScriptedEngine { Edit = canEdit ? Edit : null }, options);
        JsonArray actions = await ActionsAsync(session, range);
        Assert.Equal(titles.Split('|'), actions.Select(action => (string?)action!["title"]));
    }

    [Fact]
    public async Task CodeAction_OnlySomeKinds_OffersThose()
    {
        await using InMemorySession session = await OpenAsync(new ScriptedEngine { Edit = Edit });
        JsonArray fixes = await ActionsAsync(session, "[3,4,3,16]", ""","only":["quickfix"]""");
        JsonNode fix = Assert.Single(fixes)!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Diagnostic), fix["diagnostics"]![0]));
        Assert.Equal(2, (await ActionsAsync(session, "[3,4,3,16]", ""","only":["refactor"]""")).Count);
        Assert.Empty(await ActionsAsync(session, "[3,4,3,16]", ""","only":["source"]"""));
    }

    [Fact]
    public async Task CodeAction_ClientThatMakesNoEdits_GetsNone()
    {
        await using InMemorySession session = InMemorySession.Start(new ScriptedEngine { Edit = Edit });
        await session.Client.InitializeAsync();
        await session.Client.OpenAsync(Uri, Text);
        Assert.Empty(await ActionsAsync(session, "[3,4,3,16]"));
    }

    [Fact]
    public async Task CodeAction_ClientOfCommandsAlone_GetsThese()
    {
        await using InMemorySession session = InMemorySession.Start(new ScriptedEngine { Edit = Edit });
        await session.Client.InitializeAsync("""{"workspace":{"applyEdit":true}}""");
        await session.Client.OpenAsync(Uri, Text);
        Assert.All(
            await ActionsAsync(session, "[3,4,3,16]"),
            action => Assert.StartsWith("stableDiffCoder.server.", (string)action!["command"]!, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task CodeAction_BrokenDiagnostic_IsSkipped()
    {
        await using InMemorySession session = await OpenAsync(new ScriptedEngine { Edit = Edit });
        JsonObject answer = await session.Client.RequestAsync(
            "textDocument/codeAction",
            $$"""{"textDocument":{"uri":"{{Uri}}"},"range":{{Range("[0,0,0,0]")}},"context":{"diagnostics":[3,{},{"message":null},{{Diagnostic}}]} }"""
        );
        Assert.Single(answer["result"]!.AsArray(), action => (string?)action!["kind"] == "quickfix");
    }

    [Fact]
    public async Task Fix_Run_EditsByTheDiagnosticsMessage()
    {
        var engine = new ScriptedEngine { Edit = Edit };
        await using InMemorySession session = await OpenAsync(engine);
        JsonObject answer = await RunAsync(session, (await ActionsAsync(session, "[3,4,3,16]"))[0]!);
        Assert.True(answer.ContainsKey("result"), answer.ToJsonString());
        EditRequest request = Assert.Single(engine.EditRequests);
        Assert.Equal("Invalid expression term '?'", request.Instruction);
        Assert.Equal("    int a = ???;", request.Text.Substring(request.Span.Start, request.Span.Length));
        JsonNode change = Assert.Single(Applied(session))["documentChanges"]![0]!;
        Assert.Equal(1, (int)change["textDocument"]!["version"]!);
        Assert.Equal("1", (string?)Assert.Single(change["edits"]!.AsArray())!["newText"]);
    }

    [Fact]
    public async Task FillHoles_Run_FillsMarkersAndEmptyBodies()
    {
        var engine = new ScriptedEngine();
        await using InMemorySession session = await OpenAsync(engine);
        JsonObject answer = await RunAsync(session, (await ActionsAsync(session, "[0,0,0,0]")).Last()!);
        Assert.Null(answer["error"]);
        InfillRequest request = Assert.Single(engine.Requests);
        Assert.Equal(
            ["    int a = «???»;", "    {«»"],
            request.Spans.Select(span => Line(Text.Insert(span.End, "»").Insert(span.Start, "«"), span.Start))
        );
        Assert.Equal(2, Assert.Single(Applied(session))["documentChanges"]![0]!["edits"]!.AsArray().Count);
    }

    [Fact]
    public async Task FillHoles_OtherMarker_FindsThat()
    {
        var engine = new ScriptedEngine();
        await using InMemorySession session = await OpenAsync(engine, """{"infill":{"holeMarker":"N()","repairRounds":0}}""");
        await RunAsync(session, (await ActionsAsync(session, "[0,0,0,0]")).Last()!);
        Assert.Contains(Assert.Single(engine.Requests).Spans, span => Text.Substring(span.Start, span.Length) == "N()");
    }

    [Theory]
    [InlineData("[5,8,5,8]", "    {«»")]
    [InlineData("[10,12,10,12]", "    int P => «»;")]
    [InlineData("[9,8,9,8]", "    void«» N() { /* nothing */ }")]
    public async Task CompleteMember_Run_FillsItsBodyOrInserts(string place, string expected)
    {
        var engine = new ScriptedEngine();
        await using InMemorySession session = await OpenAsync(engine);
        JsonNode action = (await ActionsAsync(session, place)).Single(action => (string?)action!["title"] == "Complete this member")!;
        Assert.Null((await RunAsync(session, action))["error"]);
        TextSpan span = Assert.Single(Assert.Single(engine.Requests).Spans);
        Assert.Equal(expected, Line(Text.Insert(span.End, "»").Insert(span.Start, "«"), span.Start));
    }

    [Theory]
    [InlineData("[3,12,3,15]")]
    [InlineData("[3,15,3,12]")]
    public async Task Infill_Run_AppliesTheEdits(string range)
    {
        await using InMemorySession session = await OpenAsync(new ScriptedEngine());
        JsonNode action = (await ActionsAsync(session, range)).Single(action => (string?)action!["title"] == "Fill the selection")!;
        Assert.Null((await RunAsync(session, action))["error"]);
        JsonNode change = Assert.Single(Applied(session))["documentChanges"]![0]!;
        Assert.Equal("filled", (string?)Assert.Single(change["edits"]!.AsArray())!["newText"]);
    }

    [Fact]
    public async Task Infill_RunForAClientWithoutVersions_AppliesPlainChanges()
    {
        string capabilities = Capabilities.Replace("documentChanges", "failureHandling", StringComparison.Ordinal);
        await using InMemorySession session = await OpenAsync(new ScriptedEngine(), capabilities: capabilities);
        Assert.Null((await RunAsync(session, (await ActionsAsync(session, "[3,12,3,15]"))[0]!))["error"]);
        JsonNode edit = Assert.Single(Applied(session));
        Assert.Null(edit["documentChanges"]);
        Assert.Equal("filled", (string?)Assert.Single(edit["changes"]![Uri]!.AsArray())!["newText"]);
    }

    [Fact]
    public async Task Command_ClientMakesNoEdit_SaysWhy()
    {
        await using InMemorySession session = await OpenAsync(new ScriptedEngine());
        JsonNode action = (await ActionsAsync(session, "[3,12,3,15]"))[1]!;
        session.Client.Answers["workspace/applyEdit"] = """{"applied":false,"failureReason":"it is read-only"}""";
        JsonObject answer = await RunAsync(session, action);
        LifecycleTests.AssertError(-32803, answer);
        Assert.Contains("it is read-only", (string?)answer["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_DocumentHasChangedSince_IsContentModified()
    {
        await using InMemorySession session = await OpenAsync(new ScriptedEngine());
        JsonArray actions = await ActionsAsync(session, "[3,12,3,15]");
        await session.Client.ReplaceAsync(Uri, Text, 2);
        foreach (JsonNode? action in actions)
        {
            LifecycleTests.AssertError(-32801, await RunAsync(session, action!));
        }
        Assert.Empty(Applied(session));
    }

    [Theory]
    [InlineData("stableDiffCoder.server.nothing", "{}", -32602)]
    [InlineData("stableDiffCoder.server.infill", "{}", -32602)]
    [InlineData("stableDiffCoder.server.infill", "7", -32602)]
    [InlineData("stableDiffCoder.server.fillHoles", """{"textDocument":{"uri":"file:///b"}}""", -32602)]
    [InlineData(
        "stableDiffCoder.server.completeMember",
        """{"textDocument":{"uri":"file:///a.cs"},"position":{"line":0,"character":0}}""",
        -32803
    )]
    [InlineData(
        "stableDiffCoder.server.edit",
        """{"textDocument":{"uri":"file:///a.cs"},"range":{"start":{"line":0,"character":0},"end":{"line":0,"character":0}}}""",
        -32602
    )]
    public async Task Command_WrongArguments_AreRefused(string command, string argument, int code)
    {
        await using InMemorySession session = await OpenAsync(new ScriptedEngine { Edit = Edit });
        LifecycleTests.AssertError(
            code,
            await session.Client.RequestAsync("workspace/executeCommand", $$"""{"command":"{{command}}","arguments":[{{argument}}]}""")
        );
    }

    private static string Line(string text, int offset)
    {
        int start = text.LastIndexOf('\n', offset) + 1;
        return text[start..text.IndexOf('\n', offset)];
    }

    private static JsonNode[] Applied(InMemorySession session) =>
        [
            .. session
                .Client.Received.Where(message => (string?)message["method"] == "workspace/applyEdit")
                .Select(message => message["params"]!["edit"]!),
        ];

    private static Task<JsonObject> RunAsync(InMemorySession session, JsonNode action)
    {
        JsonNode command = action["command"]!;
        return session.Client.RequestAsync(
            "workspace/executeCommand",
            $$"""{"command":{{command["command"]!.ToJsonString()}},"arguments":{{command["arguments"]!.ToJsonString()}} }"""
        );
    }

    private static async Task<JsonArray> ActionsAsync(InMemorySession session, string range, string more = "")
    {
        JsonObject answer = await session.Client.RequestAsync(
            "textDocument/codeAction",
            $$"""{"textDocument":{"uri":"{{Uri}}"},"range":{{Range(range)}},"context":{"diagnostics":[{{Diagnostic}}]{{more}} } }"""
        );
        return answer["result"] as JsonArray ?? throw new InvalidDataException(answer.ToJsonString());
    }

    private static string Range(string range)
    {
        JsonNode s = JsonNode.Parse(range)!;
        return $$"""{"start":{"line":{{s[0]}},"character":{{s[1]}} },"end":{"line":{{s[2]}},"character":{{s[3]}} } }""";
    }

    private static async Task<InMemorySession> OpenAsync(
        ScriptedEngine engine,
        string options = """{"infill":{"repairRounds":0}}""",
        string capabilities = Capabilities
    )
    {
        InMemorySession session = InMemorySession.Start(engine);
        session.Client.Answers["workspace/applyEdit"] = """{"applied":true}""";
        await session.Client.InitializeAsync(capabilities, options);
        while ((string?)(await session.Client.NextAsync("$/progress"))["params"]!["value"]!["kind"] != "end") { }
        await session.Client.OpenAsync(Uri, Text);
        return session;
    }
}
