using System.Text.Json.Nodes;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Completions;
using StableDiffCoder.Lsp.Tests.Protocol;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Handlers;

/// <summary>How many suggestions there are, and what an editor needs to show them.</summary>
public sealed class InlineCandidatesTests
{
    private const string Uri = "file:///a.cs";
    private const int Invoked = 1;
    private const int Automatic = 2;

    [Theory]
    [InlineData(0.6, 0.5, true)]
    [InlineData(0.4, 0.5, false)]
    [InlineData(0.4, 0.6, true)]
    [InlineData(0.4, 1, true)]
    [InlineData(0.99, 0, false)]
    public async Task Automatic_ModelLessSureThanEagernessAsks_IsSilent(double confidence, double eagerness, bool shown)
    {
        var engine = new ScriptedEngine { Fill = "1 + 2;", Confidence = _ => confidence };
        var options = new LanguageServerOptions { InlineCompletion = new InlineCompletionOptions { Eagerness = eagerness } };
        await using InMemorySession session = await OpenAsync(engine, "int a = ", options);
        Assert.Equal(shown ? ["1 + 2;"] : [], Texts(await CompleteAsync(session, 8, Automatic)));
        Assert.Equal("1 + 2;", Texts(await CompleteAsync(session, 8, Invoked))[0]);
    }

    [Fact]
    public async Task Automatic_AnySurety_IsOneRequest()
    {
        var engine = new ScriptedEngine { Fill = "1 + 2;", Confidence = _ => 0.6 };
        await using InMemorySession session = await OpenAsync(engine, "int a = ");
        Assert.Single(Texts(await CompleteAsync(session, 8, Automatic)));
        Assert.Single(engine.Requests);
    }

    [Fact]
    public async Task Invoked_LeastCertainPosition_IsBranchedOff()
    {
        var engine = new ScriptedEngine
        {
            Answer = request =>
                request.Branch switch
                {
                    null => "one(2);",
                    { Kept.Count: 4 } branch => branch.Forbidden.Contains('3') ? "one(4);" : "one(3);",
                    _ => "other;",
                },
            Confidence = symbol => symbol is '2' or '3' ? 0.4 : 0.99,
        };
        await using InMemorySession session = await OpenAsync(engine, "int a = ");
        Assert.Equal(["one(2);", "one(3);", "one(4);"], Texts(await CompleteAsync(session, 8, Invoked)));
        InfillBranch?[] branches = [.. engine.Requests.Select(request => request.Branch)];
        Assert.Null(branches[0]);
        Assert.Equal("one(".Select(symbol => (int)symbol), branches[1]!.Kept.Select(choice => choice.Id));
        Assert.Equal(['2'], branches[1]!.Forbidden);
        Assert.Equal(['2', '3'], branches[2]!.Forbidden.Order());
    }

    [Fact]
    public async Task Invoked_BranchesComeToTheSame_AreShownOnce()
    {
        var engine = new ScriptedEngine { Fill = "1 + 2;", Confidence = _ => 0.3 };
        await using InMemorySession session = await OpenAsync(engine, "int a = ");
        Assert.Equal(["1 + 2;"], Texts(await CompleteAsync(session, 8, Invoked)));
        Assert.InRange(engine.Requests.Count, 2, 7);
    }

    [Fact]
    public async Task Invoked_FirstTextIsNothing_AnotherIsTried()
    {
        var engine = new ScriptedEngine
        {
            Answer = request => request.Branch is null ? "" : "1;",
            Confidence = symbol => symbol == '\0' ? 0.5 : 0.99,
        };
        await using InMemorySession session = await OpenAsync(engine, "int a = ");
        Assert.Equal(["1;"], Texts(await CompleteAsync(session, 8, Invoked)));
        Assert.Equal([0], engine.Requests.ElementAt(1).Branch!.Forbidden);
    }

    [Fact]
    public async Task Invoked_ModelIsSureOfNothing_SomethingIsShown()
    {
        var engine = new ScriptedEngine { Answer = request => request.Branch is null ? " " : "1;", Confidence = _ => 1 };
        await using InMemorySession session = await OpenAsync(engine, "int a = ");
        Assert.Empty(Texts(await CompleteAsync(session, 8, Automatic)));
        Assert.Equal(["1;"], Texts(await CompleteAsync(session, 8, Invoked)));
    }

    [Fact]
    public async Task Invoked_ModelIsSure_TriesNothingElse()
    {
        var engine = new ScriptedEngine { Fill = "1 + 2;", Confidence = _ => 0.99 };
        await using InMemorySession session = await OpenAsync(engine, "int a = ");
        Assert.Single(Texts(await CompleteAsync(session, 8, Invoked)));
        Assert.Single(engine.Requests);
    }

    [Fact]
    public async Task SelectedEntry_IsExtendedOverItsOwnRange()
    {
        var engine = new ScriptedEngine { Fill = "(x);" };
        await using InMemorySession session = await OpenAsync(engine, "Console.Wri\nend");
        JsonNode item = (await CompleteAsync(session, 11, Automatic, Selected(8, 11, "WriteLine")))["result"]!["items"]![0]!;
        Assert.Equal("WriteLine(x);", (string?)item["insertText"]);
        Assert.Equal("WriteLine(x);", (string?)item["filterText"]);
        Assert.Equal([8, 11], Characters(item));
        InfillRequest request = engine.Requests.First();
        Assert.Equal("Console.WriteLine\nend", request.Text);
        Assert.Equal([new TextSpan(17, 0)], request.Spans);
    }

    [Fact]
    public async Task SelectedEntry_BracketOfTheEditorBehindIt_IsTakenUp()
    {
        await using InMemorySession session = await OpenAsync(new ScriptedEngine { Fill = ", b);" }, "Call(a)");
        JsonNode item = (await CompleteAsync(session, 6, Automatic, Selected(5, 6, "abc")))["result"]!["items"]![0]!;
        Assert.Equal("abc, b);", (string?)item["insertText"]);
        Assert.Equal([5, 7], Characters(item));
    }

    [Theory]
    [InlineData(8, 11, "Read")] // changes what is typed
    [InlineData(8, 11, "writeLine")]
    [InlineData(0, 7, "Console")] // the cursor is elsewhere
    public async Task SelectedEntry_ThatCannotBeExtended_AsksNoModel(int start, int end, string text)
    {
        var engine = new ScriptedEngine { Fill = "(x);" };
        await using InMemorySession session = await OpenAsync(engine, "Console.Wri");
        Assert.Empty(Texts(await CompleteAsync(session, 11, Automatic, Selected(start, end, text))));
        Assert.Empty(engine.Requests);
    }

    [Fact]
    public async Task Block_Left_EndsTheWork()
    {
        string text = "\n    y();\n}\nclass Other\n{\n    int more;\n}";
        var engine = new ScriptedEngine { Fill = text, Steps = text.Length };
        await using InMemorySession session = await OpenAsync(engine, "if (x) {");
        engine.Release(text.Length);
        Assert.Equal(["\n    y();\n}"], Texts(await CompleteAsync(session, 8, Automatic)));
        Assert.InRange(engine.StepsRun, "\n    y();\n}\n".Length, "\n    y();\n}\nclass ".Length);
    }

    [Fact]
    public async Task Block_GoesOnWithElse_IsNotEnough()
    {
        string text = "\n    y();\n} else {\n    z();\n}";
        var engine = new ScriptedEngine { Fill = text, Steps = text.Length };
        await using InMemorySession session = await OpenAsync(engine, "if (x) {");
        engine.Release(text.Length);
        Assert.Equal([text], Texts(await CompleteAsync(session, 8, Automatic)));
    }

    [Fact]
    public async Task Document_WithCrLf_GetsCrLf()
    {
        var engine = new ScriptedEngine { Fill = "\n    y();\n    z();\n}" };
        await using InMemorySession session = await OpenAsync(engine, "if (x) {\r\n\r\nint a;\r\n");
        Assert.Equal("\r\n    y();\r\n    z();\r\n}", Texts(await CompleteAsync(session, 8, Automatic))[0]);
        JsonObject infill = await session.Client.RequestAsync(
            "stableDiffCoder/infill",
            $$"""{"textDocument":{"uri":"{{Uri}}"},"spans":[{"start":{"line":0,"character":8},"end":{"line":0,"character":8} }] }"""
        );
        Assert.Equal("\r\n    y();\r\n    z();\r\n}", (string?)infill["result"]!["spans"]![0]!["newText"]);
    }

    [Theory]
    [InlineData("""{"command":"stableDiffCoder.completionAccepted","arguments":[1]}""", false)]
    [InlineData("""{"command":"stableDiffCoder.completionAccepted","arguments":[99]}""", false)]
    [InlineData("""{"command":"stableDiffCoder.completionAccepted","arguments":[]}""", true)]
    [InlineData("""{"command":"stableDiffCoder.completionAccepted","arguments":["one"]}""", true)]
    [InlineData("""{"command":"format.disk","arguments":[1]}""", true)]
    public async Task ExecuteCommand_OfAnItem_IsTaken(string parameters, bool refused)
    {
        await using InMemorySession session = await OpenAsync(new ScriptedEngine { Fill = "1;" }, "int a = ");
        await CompleteAsync(session, 8, Automatic);
        JsonObject answer = await session.Client.RequestAsync("workspace/executeCommand", parameters);
        if (refused)
        {
            LifecycleTests.AssertError(-32602, answer);
        }
        else
        {
            Assert.True(answer.ContainsKey("result") && answer["result"] is null, answer.ToJsonString());
        }
    }

    private static async Task<InMemorySession> OpenAsync(ScriptedEngine engine, string text, LanguageServerOptions? options = null)
    {
        InMemorySession session = await InMemorySession.ReadyAsync(engine, options);
        await session.Client.OpenAsync(Uri, text);
        return session;
    }

    private static Task<JsonObject> CompleteAsync(InMemorySession session, int character, int trigger, string selected = "") =>
        session.Client.RequestAsync(
            "textDocument/inlineCompletion",
            $$"""
            {"textDocument":{"uri":"{{Uri}}"},"position":{"line":0,"character":{{character}} },"context":{"triggerKind":{{trigger}}{{selected}} } }
            """
        );

    private static string Selected(int start, int end, string text) =>
        $$"""
            ,"selectedCompletionInfo":{"range":{"start":{"line":0,"character":{{start}} },"end":{"line":0,"character":{{end}} } },"text":"{{text}}"}
            """;

    private static string[] Texts(JsonObject answer)
    {
        Assert.False(answer.ContainsKey("error"), answer.ToJsonString());
        return [.. (answer["result"]?["items"]?.AsArray() ?? []).Select(item => (string)item!["insertText"]!)];
    }

    private static int[] Characters(JsonNode item) =>
        [(int)item["range"]!["start"]!["character"]!, (int)item["range"]!["end"]!["character"]!];
}
