using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Tests.Protocol;

/// <summary>Each message, as the specification spells it, survives reading and writing; so no member is misnamed or lost.</summary>
public sealed class MessageRoundTripTests
{
    private static readonly LspJson Json = LspJson.Default;

    private static readonly (JsonTypeInfo Type, string Golden)[] Goldens =
    [
        (
            Json.InitializeParams,
            """{"processId":7,"initializationOptions":{"debugRequests":true},"trace":"off","workspaceFolders":[{"uri":"file:///a"}],"rootUri":"file:///a","capabilities":{"textDocument":{"codeAction":{"codeActionLiteralSupport":{}}},"workspace":{"applyEdit":true,"configuration":true,"didChangeConfiguration":{"dynamicRegistration":true},"didChangeWatchedFiles":{"dynamicRegistration":true},"workspaceEdit":{"changeAnnotationSupport":{}}},"window":{"workDoneProgress":true}},"clientInfo":{"name":"Neovim","version":"0.7.2"}}"""
        ),
        (
            Json.InitializeResult,
            """
            {"capabilities":{"positionEncoding":"utf-16","textDocumentSync":{"openClose":true,"change":2,"save":true},"inlineCompletionProvider":true,
             "codeActionProvider":{"codeActionKinds":["quickfix","refactor.rewrite"]},
             "executeCommandProvider":{"commands":["stableDiffCoder.completionAccepted","stableDiffCoder.server.infill",
             "stableDiffCoder.server.fillHoles","stableDiffCoder.server.completeMember","stableDiffCoder.server.edit"]},
             "workspace":{"workspaceFolders":{"supported":true,"changeNotifications":true}}},
             "serverInfo":{"name":"stable-diffcoder","version":"0.1.0"}}
            """
        ),
        (
            Json.DidOpenTextDocumentParams,
            """{"textDocument":{"uri":"file:///a","languageId":"csharp","version":1,"text":"a\r\n\u2028😀"}}"""
        ),
        (
            Json.DidChangeTextDocumentParams,
            """
            {"textDocument":{"uri":"file:///a","version":2},"contentChanges":[
             {"range":{"start":{"line":0,"character":1},"end":{"line":2,"character":3}},"text":"x"},{"text":"whole"}]}
            """
        ),
        (Json.DidCloseTextDocumentParams, """{"textDocument":{"uri":"file:///a"}}"""),
        (Json.DidSaveTextDocumentParams, """{"textDocument":{"uri":"file:///a"}}"""),
        (Json.DidChangeWatchedFilesParams, """{"changes":[{"uri":"file:///a"}]}"""),
        (
            Json.RegistrationParams,
            """
            {"registrations":[{"id":"b","method":"workspace/didChangeWatchedFiles","registerOptions":{"watchers":[{"globPattern":"**/*.cs"}]}}]}
            """
        ),
        (
            Json.InlineCompletionParams,
            """{"textDocument":{"uri":"file:///a"},"position":{"line":3,"character":4},"context":{"triggerKind":1}}"""
        ),
        (
            Json.InlineCompletionParams,
            """
            {"textDocument":{"uri":"file:///a"},"position":{"line":3,"character":4},"context":{"triggerKind":2,"selectedCompletionInfo":
             {"range":{"start":{"line":3,"character":1},"end":{"line":3,"character":4}},"text":"WriteLine"}}}
            """
        ),
        (
            Json.InlineCompletionList,
            """
            {"items":[{"insertText":"x","filterText":"x","range":{"start":{"line":0,"character":1},"end":{"line":0,"character":1}},
             "command":{"title":"Accepted","command":"stableDiffCoder.completionAccepted","arguments":[7]}}]}
            """
        ),
        (Json.ExecuteCommandParams, """{"command":"stableDiffCoder.completionAccepted","arguments":[7]}"""),
        (
            Json.InfillParams,
            """
            {"textDocument":{"uri":"file:///a","version":3},"spans":[{"start":{"line":0,"character":1},"end":{"line":0,"character":2}}],
             "pinned":[{"start":{"line":0,"character":1},"end":{"line":0,"character":2}}],"maxNewTokens":12,"canvasToken":"c"}
            """
        ),
        (
            Json.InfillResponse,
            """
            {"version":3,"spans":[{"range":{"start":{"line":0,"character":1},"end":{"line":0,"character":2}},"newText":"y",
             "tokens":1,"forwards":5,"confidence":0.5}],"edits":[{"range":{"start":{"line":0,"character":1},"end":{"line":0,"character":2}},
             "newText":"y"}]}
            """
        ),
        (
            Json.EditParams,
            """
            {"textDocument":{"uri":"file:///a","version":3},"range":{"start":{"line":0,"character":1},"end":{"line":0,"character":2}},
             "instruction":"rename a to b","canvasToken":7}
            """
        ),
        (
            Json.WorkspaceEdit,
            """
            {"documentChanges":[{"textDocument":{"uri":"file:///a","version":3},"edits":[
             {"range":{"start":{"line":0,"character":1},"end":{"line":0,"character":2}},"newText":"b","annotationId":"x"}]}],
             "changeAnnotations":{"x":{"label":"Edit","needsConfirmation":true,"description":"d"}}}
            """
        ),
        (
            Json.CodeActionParams,
            """
            {"textDocument":{"uri":"file:///a"},"range":{"start":{"line":0,"character":1},"end":{"line":0,"character":2}},
             "context":{"diagnostics":[{"message":"m","tags":[1]}],"only":["quickfix"]}}
            """
        ),
        (
            Json.CodeAction,
            """
            {"title":"Fix: m","kind":"quickfix","diagnostics":[{"message":"m"}],"command":{"title":"Fix: m","command":"c","arguments":[{"a":1}]}}
            """
        ),
        (Json.Diagnostic, """{"range":{"start":{"line":0,"character":1},"end":{"line":0,"character":2}},"message":"m"}"""),
        (Json.DocumentArgument, """{"textDocument":{"uri":"file:///a","version":3}}"""),
        (Json.PositionArgument, """{"textDocument":{"uri":"file:///a","version":3},"position":{"line":0,"character":1}}"""),
        (
            Json.RangeArgument,
            """{"textDocument":{"uri":"file:///a","version":3},"range":{"start":{"line":0,"character":1},"end":{"line":0,"character":2}}}"""
        ),
        (Json.ApplyWorkspaceEditParams, """{"label":"Fill","edit":{"documentChanges":[]}}"""),
        (Json.ApplyWorkspaceEditResult, """{"applied":false,"failureReason":"read-only"}"""),
        (
            Json.CanvasProgressParams,
            """
            {"token":7,"value":{"step":2,"spans":[{"text":"a▒▒","masked":[[1,3]],"confidence":0.5,
             "range":{"start":{"line":0,"character":1},"end":{"line":0,"character":2}}}]}}
            """
        ),
        (Json.DebugTextParams, """{"textDocument":{"uri":"file:///a"}}"""),
        (Json.DebugTextResponse, """{"version":3,"utf16":"YQA=","problem":"a change of it could not be read"}"""),
        (Json.DebugContextParams, """{"textDocument":{"uri":"file:///a"},"position":{"line":1,"character":2}}"""),
        (Json.DebugContextResponse, """{"snippets":[{"path":"a.cs","text":"class A;"}]}"""),
        (Json.ConfigurationParams, """{"items":[{"section":"stableDiffCoder"}]}"""),
        (Json.DidChangeConfigurationParams, """{"settings":{"stableDiffCoder":{"log":{"level":"debug"}}}}"""),
        (Json.RegistrationParams, """{"registrations":[{"id":"a","method":"workspace/didChangeConfiguration"}]}"""),
        (Json.DidChangeWorkspaceFoldersParams, """{"event":{"added":[{"uri":"file:///a"}],"removed":[]}}"""),
        (Json.SetTraceParams, """{"value":"verbose"}"""),
        (Json.LogTraceParams, """{"message":"initialize answered after 3 ms","verbose":"{}"}"""),
        (
            Json.StatusParams,
            """
            {"state":"ready","problem":"none","model":"mini","device":"cpu","dataType":"float32","parameters":7,"contextLength":512,"queue":1,
             "tokensPerSecond":10.5,"cacheHitRate":0.5,"documents":2,"outOfStep":["file:///b"],"folders":["file:///f"],"indexedFiles":3,"indexing":true,"offered":1,"accepted":1,
             "abandoned":0,"silenced":1,"stateFolder":"/s","decisions":[
             {"time":"2026-01-31T00:00:00Z","uri":"file:///a","line":3,"invoked":true,"items":0,"confidence":0.5,"rule":"TooShort",
              "reason":"too short","fired":["HalfLine"]}]}
            """
        ),
        (
            Json.StatisticsResponse,
            """
            {"days":[{"date":"2026-01-31","offered":3,"acceptedByCommand":1,"acceptedByText":1,"abandoned":1,"silenced":{"TooShort":2}}]}
            """
        ),
        (Json.LostChangeParams, """{"uris":["file:///a"]}"""),
        (Json.ShowMessageParams, """{"type":1,"message":"No model."}"""),
        (Json.WorkDoneProgressCreateParams, """{"token":"t"}"""),
        (Json.ProgressParams, """{"token":"t","value":{"kind":"begin","title":"Loading","percentage":0}}"""),
        (Json.ProgressParams, """{"token":"t","value":{"kind":"report","message":"weights","percentage":50}}"""),
        (Json.ProgressParams, """{"token":"t","value":{"kind":"end","message":"ready"}}"""),
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Goldens.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Message_Golden_SurvivesARoundTrip(int index)
    {
        (JsonTypeInfo type, string golden) = Goldens[index];
        object message = JsonSerializer.Deserialize(golden, type)!;
        string written = JsonSerializer.Serialize(message, type);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(golden), JsonNode.Parse(written)), written);
    }

    [Fact]
    public void Goldens_EveryMessageType_HasOne()
    {
        IEnumerable<Type> messages = typeof(LspJson)
            .Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(LspJson).Namespace)
            .Where(type => type.Name.EndsWith("Params", StringComparison.Ordinal) && type != typeof(NoParams));
        Assert.Empty(messages.Except(Goldens.Select(golden => golden.Type.Type)));
    }

    [Fact]
    public void Text_HalfASurrogatePair_KeepsItsLength()
    {
        // Not a theory: attributes are stored as UTF-8, which has no half pairs.
        (string Json, string Expected)[] cases =
        [
            ("\"a\\ud83db\"", "a\ud83db"),
            ("\"\\ude00\\ud83d\"", "\ude00\ud83d"),
            ("\"\\ud83d\\ude00 é 😀 \\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud800\"", "😀 é 😀 \"\\/\b\f\n\r\té\ud800"),
            ("\"plain\"", "plain"),
        ];
        foreach ((string json, string expected) in cases)
        {
            string message = $$"""{"textDocument":{"uri":"u","languageId":"","version":1,"text":{{json}} } }""";
            Assert.Equal(expected, JsonSerializer.Deserialize(message, Json.DidOpenTextDocumentParams)!.TextDocument.Text);
        }
    }

    [Theory]
    [InlineData("4294967295", int.MaxValue)]
    [InlineData("-9007199254740991", int.MinValue)]
    [InlineData("1e300", int.MaxValue)]
    [InlineData("3.0", 3)]
    [InlineData("-1", -1)]
    public void Position_BeyondAnInteger_IsTheNearest(string json, int expected) =>
        Assert.Equal(
            expected,
            JsonSerializer
                .Deserialize($$"""{"textDocument":{"uri":"u"},"position":{"line":{{json}},"character":0} }""", Json.InlineCompletionParams)!
                .Position.Line
        );
}
