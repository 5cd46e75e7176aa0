using System.Text.Json.Nodes;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Tests.Wire;
using static StableDiffCoder.Lsp.Tests.Handlers.EditScene;

namespace StableDiffCoder.Lsp.Tests.Handlers;

public sealed class CanvasStreamTests
{
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
            $$"""{"textDocument":{"uri":"{{Document}}"},"spans":[{{spans}}],"canvasToken":"c"}"""
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
}
