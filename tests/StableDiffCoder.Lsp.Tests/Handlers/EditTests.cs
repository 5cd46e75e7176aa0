using System.Text.Json;
using System.Text.Json.Nodes;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Tests.Protocol;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Handlers;

public sealed class EditTests
{
    private const string Uri = "file:///a.cs";
    private const string Text = "class C\r\n{\r\n    int a = 1;\r\n    int b = 2;\r\n}\r\n";
    private const string LineOfA = """{"start":{"line":2,"character":0},"end":{"line":2,"character":14}}""";
    private const string Annotates =
        """{"window":{"workDoneProgress":true},"workspace":{"workspaceEdit":{"changeAnnotationSupport":{}}}}""";

    private static readonly Func<EditRequest, string> Rename = request =>
        request.Text.Substring(request.Span.Start, request.Span.Length).Replace(" a ", " counter ", StringComparison.Ordinal);

    [Fact]
    public async Task Edit_Line_IsReducedToTheWordOfThisVersion()
    {
        var engine = new ScriptedEngine { Edit = Rename };
        await using InMemorySession session = await OpenAsync(engine);
        JsonObject answer = await EditAsync(session, LineOfA);
        JsonNode expected = JsonNode.Parse(
            """
            { "documentChanges": [ { "textDocument": { "uri": "file:///a.cs", "version": 1 }, "edits": [
              { "range": { "start": { "line": 2, "character": 8 }, "end": { "line": 2, "character": 9 } }, "newText": "counter" } ] } ] }
            """
        )!;
        Assert.True(JsonNode.DeepEquals(expected, answer["result"]), answer.ToJsonString());
        EditRequest request = Assert.Single(engine.EditRequests);
        Assert.Equal("rename a", request.Instruction);
        Assert.Equal("    int a = 1;", request.Text.Substring(request.Span.Start, request.Span.Length));
    }

    [Theory]
    [InlineData(Annotates, "{}", true)]
    [InlineData(Annotates, """{"ownPreview":true}""", false)]
    [InlineData("{}", "{}", false)]
    public async Task Edit_Confirmation_IsForClientsThatCanAndShowNothingThemselves(string capabilities, string options, bool isAnnotated)
    {
        await using InMemorySession session = InMemorySession.Start(new ScriptedEngine { Edit = Rename });
        await session.Client.InitializeAsync(capabilities, options);
        await session.Client.OpenAsync(Uri, Text);
        JsonNode result = (await EditAsync(session, LineOfA))["result"]!;
        string? annotation = (string?)result["documentChanges"]![0]!["edits"]![0]!["annotationId"];
        Assert.Equal(isAnnotated, annotation is not null);
        Assert.Equal(isAnnotated ? true : null, (bool?)result["changeAnnotations"]?[annotation ?? ""]?["needsConfirmation"]);
    }

    [Fact]
    public async Task Edit_NothingChanges_HasNoDocumentChanges()
    {
        await using InMemorySession session = await OpenAsync(new ScriptedEngine { Edit = _ => "    int a = 1;" });
        Assert.Empty((await EditAsync(session, LineOfA))["result"]!["documentChanges"]!.AsArray());
    }

    [Fact]
    public async Task Edit_SelectionCutsAMember_GrowsToItsLines()
    {
        var engine = new ScriptedEngine { Edit = Rename };
        await using InMemorySession session = await OpenAsync(engine);
        await EditAsync(session, """{"start":{"line":2,"character":8},"end":{"line":2,"character":9}}""");
        EditRequest request = Assert.Single(engine.EditRequests);
        Assert.Equal("    int a = 1;", request.Text.Substring(request.Span.Start, request.Span.Length));
    }

    [Fact]
    public async Task Edit_FirstAnswerDoesNotParse_AnotherOneIsTaken()
    {
        var engine = new ScriptedEngine { Edit = request => request.Options.Seed < 2 ? "    int a = ;" : "    int a = 3;" };
        await using InMemorySession session = await OpenAsync(engine);
        JsonNode result = (await EditAsync(session, LineOfA))["result"]!;
        Assert.Equal("3", (string?)result["documentChanges"]![0]!["edits"]![0]!["newText"]);
        Assert.Equal([0.0, 0.5, 0.5], engine.EditRequests.Select(request => request.Options.Temperature));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public async Task Edit_NewLines_HaveTheDocumentsBreaksAndIndentation(string lineEnd)
    {
        var engine = new ScriptedEngine { Edit = request => $"    // a{lineEnd}    int a = 1;" };
        await using InMemorySession session = await OpenAsync(engine, Text.ReplaceLineEndings(lineEnd));
        JsonNode result = (await EditAsync(session, LineOfA))["result"]!;
        Assert.Equal($"    // a{lineEnd}", (string?)result["documentChanges"]![0]!["edits"]![0]!["newText"]);
    }

    // A modifier of a member is a syntax error at the top of a file, where an excerpt has it.
    [Theory]
    [InlineData("    int a;\n    int b;\n    void M() { }\n")]
    [InlineData("    int a;\n    static int b;\n    public C(int b) : base(b) { }\n}\n")]
    [InlineData("    int a;\n    int b;\n")]
    public async Task Edit_Excerpt_IsParsedAsWhatItIsAPieceOf(string text)
    {
        var engine = new ScriptedEngine { Edit = request => request.Options.Seed == 0 ? "    readonly int a;" : "    int other;" };
        await using InMemorySession session = await OpenAsync(engine, text);
        JsonNode result = (await EditAsync(session, """{"start":{"line":0,"character":0},"end":{"line":0,"character":10}}"""))["result"]!;
        Assert.Equal("readonly ", (string?)result["documentChanges"]![0]!["edits"]![0]!["newText"]);
        Assert.Single(engine.EditRequests);
    }

    [Fact]
    public async Task Edit_AnswerBreaksAnExcerpt_AnotherOneIsTaken()
    {
        var engine = new ScriptedEngine { Edit = request => request.Options.Seed == 0 ? "    readonly int;" : "    readonly int a;" };
        await using InMemorySession session = await OpenAsync(engine, "    int a;\n    public C(int b) : base(b) { }\n");
        JsonNode result = (await EditAsync(session, """{"start":{"line":0,"character":0},"end":{"line":0,"character":10}}"""))["result"]!;
        Assert.Equal("readonly ", (string?)result["documentChanges"]![0]!["edits"]![0]!["newText"]);
        Assert.Equal(2, engine.EditRequests.Count);
    }

    [Fact]
    public async Task Edit_NoAnswerParses_TheFirstIsTaken()
    {
        var engine = new ScriptedEngine { Edit = request => $"    int a = {request.Options.Seed} +;" };
        await using InMemorySession session = await OpenAsync(engine);
        JsonNode result = (await EditAsync(session, LineOfA))["result"]!;
        Assert.StartsWith("0", (string?)result["documentChanges"]![0]!["edits"]![0]!["newText"], StringComparison.Ordinal);
        Assert.Equal(3, engine.EditRequests.Count);
    }

    [Fact]
    public async Task Edit_ModelFollowsNoInstructions_SaysWhatToDo()
    {
        await using InMemorySession session = await OpenAsync(new ScriptedEngine());
        JsonObject answer = await EditAsync(session, LineOfA);
        LifecycleTests.AssertError(-32803, answer);
        string message = (string)answer["error"]!["message"]!;
        Assert.Contains("follows no instructions", message, StringComparison.Ordinal);
        Assert.Contains("stableDiffCoder.model.path", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Edit_TemplateRefusesTheMessage_SaysWhy()
    {
        var engine = new ScriptedEngine { Edit = Rename, Failure = new NotSupportedException("the template says: no users") };
        await using InMemorySession session = await OpenAsync(engine);
        JsonObject answer = await EditAsync(session, LineOfA);
        LifecycleTests.AssertError(-32803, answer);
        Assert.Contains("no users", (string?)answer["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Edit_OlderVersion_IsContentModified()
    {
        var engine = new ScriptedEngine { Edit = Rename };
        await using InMemorySession session = await OpenAsync(engine);
        await session.Client.ReplaceAsync(Uri, "other", 2);
        LifecycleTests.AssertError(-32801, await EditAsync(session, LineOfA, version: 1));
        Assert.Empty(engine.EditRequests);
    }

    [Fact]
    public async Task Edit_DocumentChangesMeanwhile_StopsAndIsContentModified()
    {
        var engine = new ScriptedEngine { Edit = Rename, Steps = 50 };
        await using InMemorySession session = await OpenAsync(engine);
        Task<JsonObject> answer = EditAsync(session, LineOfA);
        await engine.StartedAsync();
        engine.Release(3);
        await session.Client.ReplaceAsync(Uri, "other", 2);
        LifecycleTests.AssertError(-32801, await answer);
        Assert.InRange(engine.StepsRun, 0, 3);
    }

    [Fact]
    public async Task Edit_Cancelled_StopsBetweenSteps()
    {
        var engine = new ScriptedEngine { Edit = Rename, Steps = 50 };
        await using InMemorySession session = await OpenAsync(engine);
        Task<JsonObject> answer = session.Client.RequestAsync("stableDiffCoder/edit", Parameters(LineOfA), out int id);
        await engine.StartedAsync();
        engine.Release(2);
        await session.Client.NotifyAsync("$/cancelRequest", $$"""{"id":{{id}}}""");
        LifecycleTests.AssertError(-32800, await answer);
        Assert.InRange(engine.StepsRun, 0, 2);
    }

    [Theory]
    [InlineData("""{"start":{"line":2,"character":5},"end":{"line":2,"character":4}}""", "")]
    [InlineData(LineOfA, ""","canvasToken":{}""")]
    [InlineData(LineOfA, ""","canvasToken":1.5""")]
    public async Task Edit_WrongParameters_AreRefused(string range, string more)
    {
        await using InMemorySession session = await OpenAsync(new ScriptedEngine { Edit = Rename });
        LifecycleTests.AssertError(-32602, await EditAsync(session, range, more));
    }

    [Fact]
    public async Task Edit_CutShort_IsGivenWithAWarning()
    {
        await using InMemorySession session = await OpenAsync(new ScriptedEngine { Edit = Rename, Stop = InfillStop.Length });
        Assert.NotNull((await EditAsync(session, LineOfA))["result"]);
        JsonObject message = await session.Client.NextAsync("window/showMessage");
        Assert.Equal(2, (int)message["params"]!["type"]!);
    }

    [Fact]
    public async Task Canvas_OfAnEdit_ShowsTheNewCodeWithoutItsFence()
    {
        var engine = new ScriptedEngine { Edit = Rename, Steps = 10 };
        await using InMemorySession session = await OpenAsync(engine);
        engine.Release(10);
        JsonObject answer = await EditAsync(session, LineOfA, ""","canvasToken":7""");
        Assert.NotNull(answer["result"]);
        JsonNode[] values = Canvases(session, "7");
        Assert.Equal(Enumerable.Range(1, 10), values.Select(value => (int)value["step"]!));
        string last = (string)values[^1]["spans"]![0]!["text"]!;
        Assert.Equal("    int counter = 1;", last);
        Assert.All(values, value => Assert.DoesNotContain("`", (string)value["spans"]![0]!["text"]!, StringComparison.Ordinal));
        AssertFalling(values);
        Assert.Same(answer, session.Client.Received.Last(message => message.ContainsKey("id") || IsCanvas(message, "7")));
    }

    [Fact]
    public async Task Canvas_SecondCandidate_NeverShowsMoreMasksThanTheFirst()
    {
        var engine = new ScriptedEngine { Edit = request => request.Options.Seed < 1 ? "    int a = ;" : "    int a = 3;", Steps = 4 };
        await using InMemorySession session = await OpenAsync(engine);
        engine.Release(8);
        await EditAsync(session, LineOfA, ""","canvasToken":"c" """);
        JsonNode[] values = Canvases(session, "\"c\"");
        Assert.Equal(Enumerable.Range(1, 8), values.Select(value => (int)value["step"]!));
        AssertFalling(values);
        Assert.Equal("    int a = 3;", (string?)values[^1]["spans"]![0]!["text"]);
    }

    [Fact]
    public async Task Canvas_GrownSelection_NamesItsRange()
    {
        var engine = new ScriptedEngine { Edit = Rename, Steps = 2 };
        await using InMemorySession session = await OpenAsync(engine);
        engine.Release(2);
        await EditAsync(session, """{"start":{"line":2,"character":8},"end":{"line":2,"character":9}}""", ""","canvasToken":1""");
        JsonNode range = Canvases(session, "1")[0]["spans"]![0]!["range"]!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(LineOfA), range), range.ToJsonString());
    }

    [Fact]
    public async Task Canvas_OfAnInfill_IsInTheRequestsOrder()
    {
        var engine = new ScriptedEngine { Steps = 3 };
        await using InMemorySession session = await OpenAsync(engine);
        engine.Release(3);
        string spans =
            """{"start":{"line":3,"character":0},"end":{"line":3,"character":1}},{"start":{"line":0,"character":0},"end":{"line":0,"character":0}}""";
        await session.Client.RequestAsync(
            "stableDiffCoder/infill",
            $$"""{"textDocument":{"uri":"{{Uri}}"},"spans":[{{spans}}],"canvasToken":"c"}"""
        );
        JsonNode[] values = Canvases(session, "\"c\"");
        Assert.Equal(3, values.Length);
        Assert.All(values, value => Assert.Equal(2, value["spans"]!.AsArray().Count));
        AssertFalling(values);
        Assert.Equal("filled", (string?)values[^1]["spans"]![1]!["text"]);
    }

    private static JsonNode[] Canvases(InMemorySession session, string token) =>
        [.. session.Client.Received.Where(message => IsCanvas(message, token)).Select(message => message["params"]!["value"]!)];

    private static bool IsCanvas(JsonObject message, string token) =>
        (string?)message["method"] == "$/progress" && message["params"]!["token"]!.ToJsonString() == token;

    private static void AssertFalling(JsonNode[] values)
    {
        int[] masks =
        [
            .. values.Select(value =>
                value["spans"]!.AsArray().Sum(span => span!["masked"]!.AsArray().Sum(mask => (int)mask![1]! - (int)mask[0]!))
            ),
        ];
        Assert.Equal(masks.OrderDescending(), masks);
        Assert.Equal(0, masks[^1]);
        foreach (JsonNode span in values.SelectMany(value => value["spans"]!.AsArray())!)
        {
            string text = (string)span["text"]!;
            int shown = span["masked"]!
                .AsArray()
                .Sum(mask => text[(int)mask![0]!..(int)mask[1]!].Count(symbol => symbol == CanvasSpan.MaskGlyph));
            Assert.Equal(text.Count(symbol => symbol == CanvasSpan.MaskGlyph), shown);
        }
    }

    private static async Task<InMemorySession> OpenAsync(ScriptedEngine engine, string text = Text)
    {
        InMemorySession session = await InMemorySession.ReadyAsync(engine, ScriptedEngine.AsItIs);
        await session.Client.OpenAsync(Uri, text);
        return session;
    }

    private static Task<JsonObject> EditAsync(InMemorySession session, string range, string more = "", int? version = null) =>
        session.Client.RequestAsync("stableDiffCoder/edit", Parameters(range, more, version));

    private static string Parameters(string range, string more = "", int? version = null)
    {
        string versioned = version is null ? "" : $""","version":{version}""";
        string instruction = JsonSerializer.Serialize("rename a");
        return $$"""{"textDocument":{"uri":"{{Uri}}"{{versioned}} },"range":{{range}},"instruction":{{instruction}}{{more}} }""";
    }
}
