using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Statistics;

public sealed class StatusTests
{
    private const string Uri = "file:///a.cs";

    [Fact]
    public async Task Status_AfterDecisions_TellsThemNewestFirst()
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine { Fill = "1 + 2;" });
        await session.Client.OpenAsync(Uri, "int a = \n// words");
        Assert.NotNull((await CompleteAsync(session, 0, 8))["result"]);
        Assert.Null((await CompleteAsync(session, 1, 8))["result"]);
        JsonNode status = (await session.Client.RequestAsync("stableDiffCoder/status"))["result"]!;
        Assert.Equal("ready", (string?)status["state"]);
        Assert.Equal("scripted", (string?)status["model"]);
        AssertCounts(status, ("offered", 1), ("accepted", 0), ("abandoned", 0), ("silenced", 1));
        JsonArray decisions = status["decisions"]!.AsArray();
        Assert.Equal(2, decisions.Count);
        Assert.Equal("InsideComment", (string?)decisions[0]!["rule"]);
        Assert.Equal(1, (int)decisions[0]!["line"]!);
        Assert.False(string.IsNullOrEmpty((string?)decisions[0]!["reason"]));
        Assert.Equal(1, (int)decisions[1]!["items"]!);
        Assert.Equal(Uri, (string?)decisions[1]!["uri"]);
        Assert.True((double)status["tokensPerSecond"]! > 0);
    }

    [Fact]
    public async Task Status_TextTyped_IsAcceptedAndDivergedIsAbandoned()
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine { Fill = "1 + 2;" });
        await session.Client.OpenAsync(Uri, "int a = ");
        await CompleteAsync(session, 0, 8);
        await session.Client.ReplaceAsync(Uri, "int a = 1 + 2;", 2);
        await session.Client.ReplaceAsync(Uri, "int b = ", 3);
        await CompleteAsync(session, 0, 8);
        await session.Client.ReplaceAsync(Uri, "else", 4);
        JsonNode status = (await session.Client.RequestAsync("stableDiffCoder/status"))["result"]!;
        AssertCounts(status, ("offered", 2), ("accepted", 1), ("abandoned", 1));
        JsonNode day = Assert.Single((await session.Client.RequestAsync("stableDiffCoder/statistics"))["result"]!["days"]!.AsArray())!;
        AssertCounts(day, ("offered", 2), ("acceptedByCommand", 0), ("acceptedByText", 1), ("abandoned", 1));
    }

    [Fact]
    public async Task Status_LoadFails_SaysWhyAndNotifiesThoseWhoAsked()
    {
        await using InMemorySession session = InMemorySession.Start((_, _) => throw new InvalidDataException("no such file"));
        await session.Client.InitializeAsync("{}", """{"statusNotifications":true}""");
        JsonObject told = await session.Client.NextAsync("stableDiffCoder/didChangeStatus");
        Assert.Equal("failed", (string?)told["params"]!["state"]);
        JsonNode status = (await session.Client.RequestAsync("stableDiffCoder/status"))["result"]!;
        Assert.Equal("no such file", (string?)status["problem"]);
    }

    [Fact]
    public async Task Status_WhileARequestRuns_CountsIt()
    {
        var engine = new ScriptedEngine { Steps = 1 };
        await using InMemorySession session = await InMemorySession.ReadyAsync(engine);
        await session.Client.OpenAsync(Uri, "int a = ");
        Task<JsonObject> completion = CompleteAsync(session, 0, 8);
        await engine.StartedAsync();
        Assert.Equal(1, (int)(await session.Client.RequestAsync("stableDiffCoder/status"))["result"]!["queue"]!);
        engine.Release(100);
        await completion;
    }

    [Fact]
    public async Task Folders_OfTheWorkspace_ComeAndGo()
    {
        await using InMemorySession session = InMemorySession.Start(new ScriptedEngine());
        await session.Client.RequestAsync(
            "initialize",
            """{"capabilities":{},"workspaceFolders":[{"uri":"file:///a","name":"a"},{"uri":"file:///b","name":"b"}]}"""
        );
        await session.Client.NotifyAsync(
            "workspace/didChangeWorkspaceFolders",
            """{"event":{"added":[{"uri":"file:///c","name":"c"}],"removed":[{"uri":"file:///a","name":"a"}]}}"""
        );
        await session.Client.NotifyAsync("workspace/didChangeWatchedFiles", """{"changes":[{"uri":"file:///b/x","type":2}]}""");
        JsonNode status = (await session.Client.RequestAsync("stableDiffCoder/status"))["result"]!;
        Assert.Equal(["file:///b", "file:///c"], status["folders"]!.AsArray().Select(folder => (string?)folder));
    }

    [Theory]
    [InlineData("off", false, false)]
    [InlineData("messages", true, false)]
    [InlineData("verbose", true, true)]
    [InlineData("loud", false, false)]
    public async Task Trace_OnlyVerbose_HasSourceText(string level, bool traced, bool verbose)
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        await session.Client.NotifyAsync("$/setTrace", $$"""{"value":"{{level}}"}""");
        await session.Client.RequestAsync("stableDiffCoder/status");
        await session.Client.OpenAsync(Uri, "class Secret");
        await session.Client.RequestAsync("stableDiffCoder/status");
        JsonObject[] traces = [.. session.Client.Received.Where(sent => (string?)sent["method"] == "$/logTrace")];
        Assert.Equal(traced, traces.Length > 0);
        Assert.Equal(verbose, traces.Any(trace => trace.ToJsonString().Contains("Secret", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Log_GoesToTheClient_AsItsLevelSays()
    {
        using var loggers = new LoggerFactory([], new LoggerFilterOptions { MinLevel = LogLevel.Trace });
        await using InMemorySession session = InMemorySession.Start(
            new FactoryModelSource((_, _) => Task.FromResult<IInfillEngine>(new ScriptedEngine())),
            loggers: loggers
        );
        await session.Client.InitializeAsync();
        JsonObject connected = await session.Client.NextAsync("window/logMessage");
        Assert.Equal(3, (int)connected["params"]!["type"]!);
        Assert.Contains("connected", (string?)connected["params"]!["message"], StringComparison.Ordinal);
        await session.Client.NextAsync("window/logMessage"); // the model is ready
        await session.Client.NotifyAsync(
            "workspace/didChangeConfiguration",
            """{"settings":{"stableDiffCoder":{"log":{"level":"error"}}} }"""
        );
        await session.Client.NotifyAsync("textDocument/didClose", """{"textDocument":{"uri":"file:///none.cs"} }""");
        await session.Client.RequestAsync("still/there");
        Assert.Equal(2, session.Client.Received.Count(sent => (string?)sent["method"] == "window/logMessage"));
    }

    private static void AssertCounts(JsonNode counts, params (string Name, int Count)[] expected) =>
        Assert.Equal(expected, expected.Select(count => (count.Name, (int)counts[count.Name]!)));

    private static Task<JsonObject> CompleteAsync(InMemorySession session, int line, int character) =>
        session.Client.RequestAsync(
            "textDocument/inlineCompletion",
            $$"""
            {"textDocument":{"uri":"{{Uri}}"},"position":{"line":{{line}},"character":{{character}} },"context":{"triggerKind":1} }
            """
        );
}
