using System.Text.Json.Nodes;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Tests.Protocol;
using StableDiffCoder.Lsp.Tests.Wire;
using static StableDiffCoder.Lsp.Tests.Handlers.EditScene;

namespace StableDiffCoder.Lsp.Tests.Handlers;

public sealed class EditTests
{
    private const string Annotates =
        """{"window":{"workDoneProgress":true},"workspace":{"workspaceEdit":{"changeAnnotationSupport":{}}}}""";

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
        await session.Client.OpenAsync(Document, Text);
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
        await session.Client.ReplaceAsync(Document, "other", 2);
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
        await session.Client.ReplaceAsync(Document, "other", 2);
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
}
