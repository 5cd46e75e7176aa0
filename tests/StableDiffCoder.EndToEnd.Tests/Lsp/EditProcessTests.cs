using System.Text.Json;
using System.Text.Json.Nodes;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Tests.Infilling;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>Edits and canvases through the real executable, with tiny models of random weights that have a chat template.</summary>
public sealed class EditProcessTests : IDisposable
{
    private const string Uri = "file:///C.cs";
    private const string Text = "class C\r\n{\r\n    int a = 1;\r\n    int b = 2;\r\n}\r\n";
    private const string Range = """{"start":{"line":2,"character":0},"end":{"line":2,"character":14}}""";

    private readonly List<InfillCheckpoint> checkpoints = [];

    public void Dispose() => checkpoints.ForEach(checkpoint => checkpoint.Dispose());

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Edit_InstructModel_StreamsEachForwardAndLeavesTheDocument(bool inPlace)
    {
        await using ServerProcess server = await StartAsync(inPlace);
        JsonObject answer = await server.Client.RequestAsync("stableDiffCoder/edit", EditParameters());
        Assert.True(answer["result"] is JsonObject, answer.ToJsonString() + server.Errors);
        JsonNode[] values = Canvases(server);
        Assert.Equal(Enumerable.Range(1, values.Length), values.Select(value => (int)value["step"]!));
        AssertFalling(values);
        foreach (JsonNode? change in answer["result"]!["documentChanges"]!.AsArray())
        {
            Assert.Equal(1, (int)change!["textDocument"]!["version"]!);
            Assert.All(change["edits"]!.AsArray(), edit => Assert.Equal(2, (int)edit!["range"]!["start"]!["line"]!));
        }
        await AssertUntouchedAsync(server);
        AssertNoneBehind(answer, server);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Infill_SeveralSpansWithACanvas_ShowsEachForward(bool inPlace)
    {
        await using ServerProcess server = await StartAsync(inPlace);
        string other = """{"start":{"line":3,"character":12},"end":{"line":3,"character":13}}""";
        JsonObject answer = await server.Client.RequestAsync(
            "stableDiffCoder/infill",
            $$"""{"textDocument":{"uri":"{{Uri}}"},"spans":[{{other}},{{Range}}],"maxNewTokens":8,"canvasToken":"c"}"""
        );
        JsonNode[] spans = [.. answer["result"]!["spans"]!.AsArray()!];
        JsonNode[] values = Canvases(server);
        // In place a forward serves both spans.
        int[] forwards = [.. spans.Select(span => (int)span["forwards"]!)];
        Assert.True(values.Length >= (inPlace ? forwards.Max() : forwards.Sum()), $"{values.Length} canvases: {answer.ToJsonString()}");
        Assert.Equal(Enumerable.Range(1, values.Length), values.Select(value => (int)value["step"]!));
        AssertFalling(values);
        Assert.All(spans, span => Assert.InRange((double)span["confidence"]!, 0, 1));
        await AssertUntouchedAsync(server);
        AssertNoneBehind(answer, server);
    }

    // That no other forward is run once the engine sees the cancellation, its own tests say; here it is stopped long before its end.
    [Fact]
    public async Task Cancel_InfillUnderWay_StopsItAndLeavesTheDocument()
    {
        const int Tokens = 4096;
        await using ServerProcess server = await StartAsync(inPlace: false, maxPositions: 2 * Tokens, eosWeight: 0);
        Task<JsonObject> answer = server.Client.RequestAsync(
            "stableDiffCoder/infill",
            $$"""{"textDocument":{"uri":"{{Uri}}"},"spans":[{{Range}}],"maxNewTokens":{{Tokens}},"canvasToken":"c"}""",
            out int id
        );
        while (!IsCanvas(await server.Client.NextAsync("$/progress"))) { }
        await server.Client.NotifyAsync("$/cancelRequest", $$"""{"id":{{id}}}""");
        Assert.Equal(-32800, (int?)(await answer)["error"]?["code"]);
        await AssertUntouchedAsync(server);
        AssertNoneBehind(await answer, server);
        Assert.InRange(Canvases(server).Length, 1, Tokens - 1);
        Assert.NotNull((await server.Client.RequestAsync("stableDiffCoder/edit", EditParameters()))["result"]);
    }

    [Fact]
    public async Task Edit_ModelWithoutTemplate_SaysWhatToDo()
    {
        var checkpoint = new InfillCheckpoint(maxPositions: 512);
        checkpoints.Add(checkpoint);
        await using ServerProcess server = ServerProcess.Start(checkpoint.Path);
        await server.Client.InitializeAsync();
        await server.Client.OpenAsync(Uri, Text);
        JsonObject answer = await server.Client.RequestAsync("stableDiffCoder/edit", EditParameters());
        Assert.Equal(-32803, (int?)answer["error"]?["code"]);
        Assert.Contains("stableDiffCoder.model.path", (string?)answer["error"]!["message"], StringComparison.Ordinal);
    }

    private async Task<ServerProcess> StartAsync(bool inPlace, int maxPositions = 512, double eosWeight = 1)
    {
        var checkpoint = new InfillCheckpoint(inPlace, eosWeight, maxPositions: maxPositions);
        checkpoints.Add(checkpoint);
        await File.WriteAllTextAsync(checkpoint.FilePath(ChatTemplate.FileName), ChatTemplate.SeedCoder);
        ServerProcess server = ServerProcess.Start(checkpoint.Path);
        await server.Client.InitializeAsync(options: """{"debugRequests":true}""");
        await server.Client.OpenAsync(Uri, Text);
        return server;
    }

    private static string EditParameters() =>
        $$"""{"textDocument":{"uri":"{{Uri}}","version":1},"range":{{Range}},"instruction":{{JsonSerializer.Serialize("rename a")}},"canvasToken":"c"}""";

    private static JsonNode[] Canvases(ServerProcess server) =>
        [.. server.Client.Received.Where(IsCanvas).Select(message => message["params"]!["value"]!)];

    private static bool IsCanvas(JsonObject message) =>
        (string?)message["method"] == "$/progress" && message["params"]!["token"]!.ToJsonString() == "\"c\"";

    private static async Task AssertUntouchedAsync(ServerProcess server)
    {
        JsonNode held = (await server.Client.RequestAsync("stableDiffCoder/debug/text", $$"""{"textDocument":{"uri":"{{Uri}}"} }"""))[
            "result"
        ]!;
        Assert.Equal(1, (int)held["version"]!);
        Assert.Equal(Text, System.Text.Encoding.Unicode.GetString(Convert.FromBase64String((string)held["utf16"]!)));
        Assert.DoesNotContain(server.Client.Received, message => (string?)message["method"] == "workspace/applyEdit");
    }

    // To be asked once a later request was answered: what the server sent before that has come.
    private static void AssertNoneBehind(JsonObject answer, ServerProcess server)
    {
        JsonObject[] received = [.. server.Client.Received];
        int at = Array.IndexOf(received, answer);
        Assert.InRange(at, 0, received.Length - 2);
        Assert.DoesNotContain(received[(at + 1)..], IsCanvas);
    }

    private static void AssertFalling(JsonNode[] values)
    {
        Assert.NotEmpty(values);
        int[] masks =
        [
            .. values.Select(value =>
                value["spans"]!.AsArray().Sum(span => span!["masked"]!.AsArray().Sum(mask => (int)mask![1]! - (int)mask[0]!))
            ),
        ];
        Assert.Equal(masks.OrderDescending(), masks);
        Assert.True(masks[^1] < masks[0]);
        Assert.All(
            values.SelectMany(value => value["spans"]!.AsArray()),
            span =>
                Assert.Equal(
                    ((string)span!["text"]!).Count(symbol => symbol == CanvasSpan.MaskGlyph),
                    span["masked"]!.AsArray().Sum(mask => (int)mask![1]! - (int)mask[0]!)
                )
        );
    }
}
