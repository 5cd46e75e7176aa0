using System.Text.Json.Nodes;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Edits;

/// <summary>Fills that break C# are masked again near the error, through the server.</summary>
public sealed class FillMenderTests
{
    private const string Uri = "file:///a.cs";
    private const string Text = "class C\n{\n    int A() => 0;\n    int B() => 0;\n}\n";
    private const string Second = """{"start":{"line":3,"character":15},"end":{"line":3,"character":16}}""";
    private const string Both = """{"start":{"line":2,"character":15},"end":{"line":2,"character":16}},""" + Second;

    // Right only when the last token may not come again.
    private static string Answer(InfillRequest request) =>
        request.Branch is null && request.Spans.Any(span => request.Text[..span.Start].Contains("B()", StringComparison.Ordinal))
            ? "1)"
            : "12";

    [Theory]
    [InlineData(0, "1)", 1)]
    [InlineData(2, "12", 2)]
    public async Task Infill_FillBreaksTheSyntax_IsMended(int rounds, string expected, int requests)
    {
        var engine = new ScriptedEngine { Answer = Answer };
        await using InMemorySession session = await OpenAsync(engine, rounds);
        Assert.Equal([expected], await FillAsync(session, Second));
        Assert.Equal(requests, engine.Requests.Count);
        if (rounds > 0)
        {
            InfillRequest again = engine.Requests.Last();
            Assert.Equal([')'], again.Branch!.Forbidden.Select(id => (char)id));
            Assert.Equal(['1'], again.Branch.Kept.Select(choice => (char)choice.Id));
        }
    }

    [Fact]
    public async Task Infill_OneOfTwoFillsBreaks_IsMendedWithTheOtherInView()
    {
        var engine = new ScriptedEngine { Answer = Answer, Steps = 2 };
        await using InMemorySession session = await OpenAsync(engine, 1);
        engine.Release(6);
        // The scripted engine gives one text to all spans: both break, and the first is mended with the second as it is.
        Assert.Equal(["12", "12"], await FillAsync(session, Both, ""","canvasToken":"c" """));
        InfillRequest[] again = [.. engine.Requests.Skip(1)];
        Assert.Equal(["class C\n{\n    int A() => ;\n    int B() => 1);\n}\n"], again.Take(1).Select(request => request.Text));
        int[] steps =
        [
            .. session
                .Client.Received.Where(message =>
                    (string?)message["method"] == "$/progress" && (string?)message["params"]!["value"]!["kind"] is null
                )
                .Select(message => (int)message["params"]!["value"]!["step"]!),
        ];
        Assert.Equal(Enumerable.Range(1, steps.Length), steps);
    }

    // Right among members, an error at the top of a file.
    [Theory]
    [InlineData("int A;\nint B;\n")]
    [InlineData("readonly int A;\npublic C(int b) : base(b) { }\nint B;\n")]
    public async Task Infill_FillOfAnExcerpt_IsParsedAsWhatItIsAPieceOf(string text)
    {
        var engine = new ScriptedEngine { Answer = _ => "readonly " };
        await using InMemorySession session = await OpenAsync(engine, 2, text: text);
        int line = text.Split('\n').Length - 2;
        string place = $$"""{"start":{"line":{{line}},"character":0},"end":{"line":{{line}},"character":0} }""";
        Assert.Equal(["readonly "], await FillAsync(session, place));
        Assert.Single(engine.Requests);
    }

    [Fact]
    public async Task Infill_AnotherLanguage_IsLeftAsItIs()
    {
        var engine = new ScriptedEngine { Answer = Answer };
        await using InMemorySession session = await OpenAsync(engine, 2, "plaintext");
        Assert.Equal(["1)"], await FillAsync(session, Second));
    }

    private static async Task<InMemorySession> OpenAsync(ScriptedEngine engine, int rounds, string language = "csharp", string text = Text)
    {
        InMemorySession session = InMemorySession.Start(engine);
        await session.Client.InitializeAsync(options: $$"""{"infill":{"repairRounds":{{rounds}} } }""");
        JsonNode document = new JsonObject
        {
            ["uri"] = Uri,
            ["languageId"] = language,
            ["version"] = 1,
            ["text"] = text,
        };
        await session.Client.NotifyAsync("textDocument/didOpen", $$"""{"textDocument":{{document.ToJsonString()}} }""");
        return session;
    }

    private static async Task<IEnumerable<string>> FillAsync(InMemorySession session, string spans, string more = "")
    {
        JsonObject answer = await session.Client.RequestAsync(
            "stableDiffCoder/infill",
            $$"""{"textDocument":{"uri":"{{Uri}}"},"spans":[{{spans}}]{{more}} }"""
        );
        return answer["result"]!["spans"]!.AsArray().Select(span => (string)span!["newText"]!);
    }
}
