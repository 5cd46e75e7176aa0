using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using StableDiffCoder.Engine.Tests.Infilling;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>The real server and VS Code's own document library keep the same text through the same random changes.</summary>
public sealed class DocumentSyncTests
{
    private const string Uri = "file:///sync.txt";

    [Fact]
    [Trait("Category", "Soak")]
    public async Task Changes_Random_KeepTheTextThatTheClientHas()
    {
        int count = TestEffort.Of("STABLE_DIFFCODER_SYNC_CHANGES", 2000);
        int seed = TestEffort.Of("STABLE_DIFFCODER_SEED", 1);
        var edits = new RandomEdits(seed);
        using var model = new InfillCheckpoint();
        await using NodeTextDocument client = NodeTextDocument.Start();
        await using ServerProcess server = ServerProcess.Start(model.Path);
        await server.Client.InitializeAsync(options: """{"debugRequests":true}""");
        for (int i = 0; i < count; i++)
        {
            // A new document now and then, or all texts would have the same few ancestors.
            bool opens = i % 50 == 0;
            string json = opens ? edits.Text() : edits.Changes();
            string expected = await client.TellAsync(json);
            await (opens ? OpenAsync(server, json, i) : ChangeAsync(server, json, i));
            JsonObject answer = await server.Client.RequestAsync("stableDiffCoder/debug/text", $$"""{"textDocument":{"uri":"{{Uri}}"} }""");
            string? actual = (string?)answer["result"]?["utf16"];
            Assert.True(
                expected == actual,
                $"seed {seed}, change {i}: {json}\nclient: {Show(expected)}\nserver: {Show(actual)}\n{answer.ToJsonString()}"
            );
            Assert.Equal(i, (int)answer["result"]!["version"]!);
        }
    }

    private static Task OpenAsync(ServerProcess server, string text, int version) =>
        server.Client.NotifyAsync(
            "textDocument/didOpen",
            $$"""{"textDocument":{"uri":"{{Uri}}","languageId":"plaintext","version":{{version}},"text":{{text}} } }"""
        );

    private static Task ChangeAsync(ServerProcess server, string changes, int version) =>
        server.Client.NotifyAsync(
            "textDocument/didChange",
            $$"""{"textDocument":{"uri":"{{Uri}}","version":{{version}} },"contentChanges":{{changes}} }"""
        );

    private static string Show(string? base64) =>
        base64 is null
            ? "nothing"
            : string.Join(
                ' ',
                MemoryMarshal
                    .Cast<byte, char>(Convert.FromBase64String(base64))
                    .ToArray()
                    .Select(unit => ((int)unit).ToString("x4", CultureInfo.InvariantCulture))
            );
}
