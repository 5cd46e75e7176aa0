using System.Text;
using System.Text.Json.Nodes;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>The language server as editors run it: the real executable, the real engine, real pipes.</summary>
public sealed class LspProcessTests(TestModel model) : IClassFixture<TestModel>
{
    private const string Uri = "file:///Stack.cs";
    private const string Text = "class Stack\n{\n    private int count;\n\n    public int Count => ;\n}\n";
    private const string Hole = """{"start":{"line":4,"character":24},"end":{"line":4,"character":24}}""";

    [Fact]
    public async Task Session_FromInitializeToExit_Works()
    {
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        LspTestClient client = server.Client;
        JsonObject initialized = await client.InitializeAsync("""{"window":{"workDoneProgress":true}}""");
        Assert.Equal("utf-16", (string?)initialized["result"]!["capabilities"]!["positionEncoding"]);
        await AssertLoadingIsShownAsync(client);

        await client.OpenAsync(Uri, Text);
        JsonObject infill = await InfillAsync(client, Hole, 8);
        Assert.True(infill["result"] is JsonObject, infill.ToJsonString() + server.Errors);
        Assert.Equal(1, (int)infill["result"]!["version"]!);
        JsonNode span = Assert.Single(infill["result"]!["spans"]!.AsArray())!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Hole), span["range"]), span.ToJsonString());
        Assert.InRange((int)span["tokens"]!, 0, 8);
        Assert.InRange((int)span["forwards"]!, 1, 100);
        Assert.NotNull((string?)span["newText"]);
        Assert.Equal(infill["result"]!.ToJsonString(), (await InfillAsync(client, Hole, 8))["result"]!.ToJsonString());

        AssertSuggestion(await CompleteAsync(client, 4, 24), line: 4);
        Assert.Null((await client.RequestAsync("shutdown"))["result"]);
        await client.NotifyAsync("exit");
        Assert.Equal(0, await server.ExitCodeAsync());
        Assert.Empty(server.Errors.Trim());
    }

    [Fact]
    public async Task Infill_SeveralSpansAfterIncrementalChange_AreOfTheNewText()
    {
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        await server.Client.InitializeAsync();
        await server.Client.OpenAsync(Uri, Text);
        await server.Client.NotifyAsync(
            "textDocument/didChange",
            $$"""
            {"textDocument":{"uri":"{{Uri}}","version":2},"contentChanges":[
             {"range":{"start":{"line":4,"character":4},"end":{"line":4,"character":10} },"text":"internal /*😀*/"}]}
            """
        );
        string spans =
            """{"start":{"line":4,"character":99},"end":{"line":4,"character":99}},{"start":{"line":2,"character":4},"end":{"line":2,"character":99}}""";
        JsonObject answer = await InfillAsync(server.Client, spans, 8);
        Assert.Equal(2, (int)answer["result"]!["version"]!);
        Assert.Equal([34, 4], answer["result"]!["spans"]!.AsArray().Select(span => (int)span!["range"]!["start"]!["character"]!));
    }

    [Fact]
    public async Task CancelRequest_InfillUnderWay_StopsIt()
    {
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        await server.Client.InitializeAsync();
        await server.Client.OpenAsync(Uri, Text);
        Assert.NotNull((await InfillAsync(server.Client, Hole, 1))["result"]);
        Task<JsonObject> answer = server.Client.AnswerTo("\"long\"");
        byte[] both =
        [
            .. LspTestClient.Frame(
                $$"""{"jsonrpc":"2.0","id":"long","method":"stableDiffCoder/infill","params":{{InfillParameters(Hole, 240)}} }"""
            ),
            .. LspTestClient.Frame("""{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"long"}}"""),
        ];
        await server.Client.SendBytesAsync(both);
        Assert.Equal(-32800, (int?)(await answer)["error"]?["code"]);
        Assert.NotNull((await InfillAsync(server.Client, Hole, 1))["result"]);
    }

    [Fact]
    public async Task Errors_OfEveryKind_HaveTheirCodesAndTheSessionGoesOn()
    {
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        LspTestClient client = server.Client;
        AssertCode(-32002, await client.RequestAsync("textDocument/inlineCompletion"));
        await client.InitializeAsync();
        AssertCode(-32700, await client.RawRequestAsync("{\"jsonrpc\":", "null"));
        AssertCode(-32700, await client.RawRequestAsync("[]", "null"));
        Task<JsonObject> broken = client.AnswerTo("null");
        await client.SendBytesAsync(Encoding.ASCII.GetBytes("Content-Length: -7\r\n\r\n"));
        AssertCode(-32700, await broken);
        await client.SendAsync("""{"jsonrpc":"2.0","id":4711,"result":null}""");
        AssertCode(-32601, await client.RequestAsync("no/such/method"));
        AssertCode(-32602, await client.RequestAsync("textDocument/inlineCompletion", """{"position":3}"""));
        await client.OpenAsync(Uri, Text);
        AssertCode(-32602, await InfillAsync(client, $"{Hole},{Hole}", 8));
        JsonObject tooLong = await InfillAsync(client, Hole, 4096);
        AssertCode(-32602, tooLong);
        Assert.Null((await client.RequestAsync("shutdown"))["result"]);
        AssertCode(-32600, await client.RequestAsync("textDocument/inlineCompletion"));
        await client.NotifyAsync("exit");
        Assert.Equal(0, await server.ExitCodeAsync());
    }

    [Fact]
    public async Task Exit_RightAfterInitialize_IsClean()
    {
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        await server.Client.InitializeAsync();
        Assert.Null((await server.Client.RequestAsync("shutdown"))["result"]);
        await server.Client.NotifyAsync("exit");
        Assert.Equal(0, await server.ExitCodeAsync());
    }

    [Fact]
    public async Task Stdin_Closed_EndsTheProcess()
    {
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        await server.Client.InitializeAsync();
        server.Client.Hang();
        Assert.Equal(1, await server.ExitCodeAsync());
    }

    [Fact]
    public async Task Model_Broken_IsToldOnceAndPickedUpWhenMended()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("stable-diffcoder-broken");
        try
        {
            File.Copy(Path.Combine(model.Folder, "config.json"), Path.Combine(folder.FullName, "config.json"));
            File.WriteAllText(Path.Combine(folder.FullName, "tokenizer.json"), "{");
            File.WriteAllText(Path.Combine(folder.FullName, "model.safetensors"), "not safetensors");
            await using ServerProcess server = ServerProcess.Start(folder.FullName);
            await server.Client.InitializeAsync();
            JsonObject message = await server.Client.NextAsync("window/showMessage");
            Assert.Equal(1, (int)message["params"]!["type"]!);
            Assert.Contains(folder.Name, (string?)message["params"]!["message"], StringComparison.Ordinal);
            await server.Client.OpenAsync(Uri, Text);
            Assert.Null((await CompleteAsync(server.Client, 4, 24))["result"]);
            AssertCode(-32803, await InfillAsync(server.Client, Hole, 8));
            Assert.Single(server.Client.Received, sent => (string?)sent["method"] == "window/showMessage");

            File.Copy(Path.Combine(model.Folder, "tokenizer.json"), Path.Combine(folder.FullName, "tokenizer.json"), overwrite: true);
            File.Copy(Path.Combine(model.Folder, "model.safetensors"), Path.Combine(folder.FullName, "model.safetensors"), overwrite: true);
            while ((await InfillAsync(server.Client, Hole, 8))["result"] is null)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
            AssertSuggestion(await CompleteAsync(server.Client, 4, 24), line: 4);
            Assert.Null((await server.Client.RequestAsync("shutdown"))["result"]);
            await server.Client.NotifyAsync("exit");
            Assert.Equal(0, await server.ExitCodeAsync());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [LinuxFact]
    public async Task Stdout_BelongsToTheProtocolAlone()
    {
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        await server.Client.InitializeAsync();
        string[] names = [.. Directory.GetFileSystemEntries($"/proc/{server.Id}/fd").Select(entry => Path.GetFileName(entry))];
        Assert.Equal(Target(server.Id, "2"), Target(server.Id, "1"));
        string protocol = Target(Environment.ProcessId, server.OutputDescriptor);
        Assert.StartsWith("pipe:", protocol, StringComparison.Ordinal);
        string copy = Assert.Single(names, name => Target(server.Id, name) == protocol);
        Assert.NotEqual("1", copy);
    }

    private static async Task AssertLoadingIsShownAsync(LspTestClient client)
    {
        await client.NextAsync("window/workDoneProgress/create");
        var kinds = new List<string>();
        while (kinds.LastOrDefault() != "end")
        {
            kinds.Add((string)(await client.NextAsync("$/progress"))["params"]!["value"]!["kind"]!);
        }
        Assert.Equal("begin", kinds[0]);
        Assert.True(kinds.Count(kind => kind == "report") >= 2, string.Join(' ', kinds));
    }

    private static void AssertSuggestion(JsonObject answer, int line)
    {
        Assert.False(answer.ContainsKey("error"), answer.ToJsonString());
        JsonNode item = answer["result"]!["items"]![0]!;
        Assert.False(string.IsNullOrWhiteSpace((string?)item["insertText"]));
        Assert.Equal([line, line], new[] { item["range"]!["start"]!, item["range"]!["end"]! }.Select(p => (int)p["line"]!));
    }

    private static Task<JsonObject> InfillAsync(LspTestClient client, string spans, int maxNewTokens) =>
        client.RequestAsync("stableDiffCoder/infill", InfillParameters(spans, maxNewTokens));

    private static string InfillParameters(string spans, int maxNewTokens) =>
        $$"""{"textDocument":{"uri":"{{Uri}}"},"spans":[{{spans}}],"maxNewTokens":{{maxNewTokens}} }""";

    private static Task<JsonObject> CompleteAsync(LspTestClient client, int line, int character) =>
        client.RequestAsync(
            "textDocument/inlineCompletion",
            $$"""{"textDocument":{"uri":"{{Uri}}"},"position":{"line":{{line}},"character":{{character}} },"context":{"triggerKind":1} }"""
        );

    private static void AssertCode(int code, JsonObject answer) =>
        Assert.True(code == (int?)answer["error"]?["code"], answer.ToJsonString());

    private static string Target(int process, string descriptor) => new FileInfo($"/proc/{process}/fd/{descriptor}").LinkTarget ?? "";
}
