using System.Text;
using System.Text.Json.Nodes;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

public sealed class LargeDocumentTests(TestModel model) : IClassFixture<TestModel>
{
    private const string Uri = "file:///large.cs";
    private const string Line =
        "    private static readonly int[] Row = new int[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };\n";
    private const string Place = """{"start":{"line":0,"character":0},"end":{"line":0,"character":0} }""";
    private const int Megabytes = 50;

    [Fact]
    public async Task Document_OfFiftyMegabytes_IsKeptAndCompleted()
    {
        int lines = Megabytes * 1_000_000 / Line.Length;
        var text = new StringBuilder("class A\n{\n").Insert(10, Line, lines);
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        await server.Client.InitializeAsync("""{"window":{"workDoneProgress":true} }""");
        while ((string?)(await server.Client.NextAsync("$/progress"))["params"]!["value"]!["kind"] != "end") { }
        await server.Client.OpenAsync(Uri, text.ToString());
        await server.Client.NotifyAsync(
            "textDocument/didChange",
            $$"""
            {"textDocument":{"uri":"{{Uri}}","version":2},"contentChanges":[{"range":{"start":{"line":{{lines / 2}},"character":0},
             "end":{"line":{{lines / 2}},"character":0} },"text":"    private int count = \n"}]}
            """
        );
        JsonObject answer = await server.Client.RequestAsync(
            "textDocument/inlineCompletion",
            $$"""{"textDocument":{"uri":"{{Uri}}"},"position":{"line":{{lines / 2}},"character":24},"context":{"triggerKind":1} }"""
        );
        Assert.True(answer.ContainsKey("result"), answer.ToJsonString() + server.Errors);
        JsonObject old = await server.Client.RequestAsync(
            "stableDiffCoder/infill",
            $$"""{"textDocument":{"uri":"{{Uri}}","version":1},"spans":[{{Place}}]}"""
        );
        Assert.Contains("the document is at version 2", old.ToJsonString(), StringComparison.Ordinal);
    }
}
