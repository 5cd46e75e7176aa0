using System.Text.Json.Nodes;
using StableDiffCoder.Engine.Tests;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>What the real process leaves on the machine.</summary>
public sealed class StateTests(TestModel model) : IClassFixture<TestModel>
{
    private const string Uri = "file:///a.cs";
    private const string Secret = "correcthorsebatterystaple";

    [Fact]
    public async Task Sessions_LogAndCount_WithoutSourceText()
    {
        using var state = new TemporaryFolder();
        ServerProcess.State.Value = state.Path;
        await using (ServerProcess first = ServerProcess.Start(model.Folder))
        {
            await UseAsync(first, """{"log":{"level":"trace"}}""");
        }
        await using ServerProcess second = ServerProcess.Start(model.Folder);
        await UseAsync(second, "{}", end: false);
        JsonObject statistics = await second.Client.RequestAsync("stableDiffCoder/statistics");
        JsonNode[] days = [.. statistics["result"]!["days"]!.AsArray()!];
        Assert.Equal(2, days.Sum(day => Total(day)));

        Assert.Null((await second.Client.RequestAsync("stableDiffCoder/clearStatistics"))["result"]);
        Assert.Empty((await second.Client.RequestAsync("stableDiffCoder/statistics"))["result"]!["days"]!.AsArray());
        JsonNode status = (await second.Client.RequestAsync("stableDiffCoder/status"))["result"]!;
        Assert.Equal("ready", (string?)status["state"]);
        Assert.Equal(state.Path, (string?)status["stateFolder"]);
        Assert.True((double)status["tokensPerSecond"]! > 0, status.ToJsonString());

        string[] files = Directory.GetFiles(state.Path);
        Assert.Contains(files, file => Path.GetFileName(file) == "server.log");
        string[] texts = [.. await Task.WhenAll(files.Select(ReadAsync))];
        Assert.Contains(texts, text => text.Contains("is ready", StringComparison.Ordinal));
        Assert.DoesNotContain(texts, text => text.Contains(Secret, StringComparison.Ordinal));
    }

    private static async Task UseAsync(ServerProcess server, string settings, bool end = true)
    {
        await server.Client.InitializeAsync("""{"window":{"workDoneProgress":true} }""", settings);
        while ((string?)(await server.Client.NextAsync("$/progress"))["params"]!["value"]!["kind"] != "end") { }
        await server.Client.OpenAsync(Uri, $"class {Secret} {{ int x = ; }}");
        await server.Client.RequestAsync(
            "textDocument/inlineCompletion",
            $$"""{"textDocument":{"uri":"{{Uri}}"},"position":{"line":0,"character":{{18 + Secret.Length - 1}} },"context":{"triggerKind":1} }"""
        );
        // What cannot be read must not be logged either.
        await server.Client.SendAsync($$"""{"jsonrpc":"2.0","method":"textDocument/didChange","params":"{{Secret}}"}""");
        await server.Client.SendAsync($$"""{"jsonrpc":"2.0","method":"{{Secret}}" """);
        await server.Client.RequestAsync(
            "textDocument/inlineCompletion",
            $$"""{"textDocument":{"uri":["{{Secret}}"]},"position":"{{Secret}}"}"""
        );
        if (end)
        {
            await server.Client.RequestAsync("shutdown");
            await server.Client.NotifyAsync("exit");
            Assert.Equal(0, await server.ExitCodeAsync());
        }
    }

    private static int Total(JsonNode day) => (int)day["offered"]! + day["silenced"]!.AsObject().Sum(rule => (int)rule.Value!);

    private static async Task<string> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return await new StreamReader(stream).ReadToEndAsync();
    }
}
