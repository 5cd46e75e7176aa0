using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using StableDiffCoder.Lsp.Tests.Wire;
using Xunit.Abstractions;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>A long day at the editor: documents are opened, typed in, completed and closed, and memory does not grow.</summary>
public sealed class SoakTests(TestModel model, ITestOutputHelper output) : IClassFixture<TestModel>
{
    private const int MostDocuments = 200;
    private const int Window = 500;
    private const double MostGrowth = 1.1;

    // Few tokens, as it is the number of requests that matters, and a small cache, so that it is full long before the first window begins.
    private const string Settings =
        """{"inlineCompletion":{"lineTokens":8,"blockTokens":8,"candidates":1},"model":{"prefixCacheMegabytes":16}}""";

    [Fact]
    [Trait("Category", "Soak")]
    public async Task Completions_OfALongDay_DoNotGrowTheProcess()
    {
        int count = TestEffort.Of("STABLE_DIFFCODER_SOAK_COMPLETIONS", 1000);
        string[] texts = await TextsAsync(Math.Clamp(count / 5, 1, MostDocuments));
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        await server.Client.InitializeAsync("""{"window":{"workDoneProgress":true} }""", Settings);
        while ((string?)(await server.Client.NextAsync("$/progress"))["params"]!["value"]!["kind"] != "end") { }
        using Process process = Process.GetProcessById(server.Id);
        var memory = new List<long>();
        int suggestions = 0;
        for (int i = 0; i < count; i++)
        {
            suggestions += await CompleteAsync(server.Client, i, texts) ? 1 : 0;
            process.Refresh();
            memory.Add(process.WorkingSet64);
        }
        // The first window begins when everything was used at least once.
        int window = Math.Min(Window, count / 4);
        long early = Median(memory.Skip(Math.Min(Window, count / 2)).Take(window));
        long late = Median(memory.TakeLast(window));
        string report = string.Create(
            CultureInfo.InvariantCulture,
            $"{count} completions over {texts.Length} documents, {suggestions} with a suggestion: median resident memory {early >> 20} MiB early, "
                + $"{late >> 20} MiB in the last {window}"
        );
        output.WriteLine(report);
        if (Environment.GetEnvironmentVariable("STABLE_DIFFCODER_SOAK_REPORT") is { Length: > 0 } file)
        {
            await File.WriteAllTextAsync(file, report + "\n");
        }
        Assert.True(suggestions > 0, report);
        Assert.True(late <= early * MostGrowth, report);
    }

    private static async Task<bool> CompleteAsync(LspTestClient client, int number, string[] texts)
    {
        int index = number % texts.Length;
        string uri = string.Create(CultureInfo.InvariantCulture, $"file:///soak/{index}.cs");
        if (number < texts.Length || number % 97 == 0)
        {
            await client.OpenAsync(uri, texts[index], number);
        }
        int line = texts[index].AsSpan().Count('\n') / 2;
        string place = string.Create(CultureInfo.InvariantCulture, $$"""{"line":{{line}},"character":0}""");
        string text = string.Create(CultureInfo.InvariantCulture, $"    int value{number} = \\n");
        await client.NotifyAsync(
            "textDocument/didChange",
            $$"""
            {"textDocument":{"uri":"{{uri}}","version":{{number + 1}} },"contentChanges":[{"range":{"start":{{place}},"end":{{place}} },
             "text":"{{text}}"}]}
            """
        );
        JsonObject answer = await client.RequestAsync(
            "textDocument/inlineCompletion",
            $$"""
            {"textDocument":{"uri":"{{uri}}"},"position":{"line":{{line}},"character":{{text.Length - 2}} },"context":{"triggerKind":1} }
            """
        );
        Assert.False(answer.ContainsKey("error"), answer.ToJsonString());
        client.Received.Clear();
        return answer["result"] is JsonObject;
    }

    private static async Task<string[]> TextsAsync(int count)
    {
        string[] lines = await File.ReadAllLinesAsync(RepositoryFile.Find("tests/fixtures/holes/csharp-heldout.jsonl"));
        string[] texts = [.. lines.Take(count).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!)];
        Assert.NotEmpty(texts);
        return texts;
    }

    private static long Median(IEnumerable<long> values)
    {
        long[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
