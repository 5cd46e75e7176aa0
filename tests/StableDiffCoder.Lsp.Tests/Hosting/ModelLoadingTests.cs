using System.Text.Json.Nodes;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Tests.Protocol;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Hosting;

public sealed class ModelLoadingTests
{
    private const string CanShowProgress = """{"window":{"workDoneProgress":true}}""";

    [Fact]
    public async Task Load_ClientShowsProgress_BeginsReportsAndEnds()
    {
        await using InMemorySession session = InMemorySession.Start(
            (progress, _) =>
            {
                progress.Report(new ModelLoadProgress(0.25, "weights 1 of 4"));
                progress.Report(new ModelLoadProgress(0.25, "the same"));
                progress.Report(new ModelLoadProgress(0.75, "weights 3 of 4"));
                return Task.FromResult<IInfillEngine>(new ScriptedEngine());
            }
        );
        await session.Client.InitializeAsync(CanShowProgress);
        JsonObject create = await session.Client.NextAsync("window/workDoneProgress/create");
        string token = (string)create["params"]!["token"]!;
        var values = new List<JsonObject>();
        while (values.Count == 0 || (string?)values[^1]["kind"] != "end")
        {
            JsonObject progress = await session.Client.NextAsync("$/progress");
            Assert.Equal(["token", "value"], progress["params"]!.AsObject().Select(member => member.Key).Order());
            Assert.Equal(token, (string?)progress["params"]!["token"]);
            values.Add(progress["params"]!["value"]!.AsObject());
        }
        Assert.Equal(["begin", "report", "report", "report", "report", "end"], values.Select(value => (string?)value["kind"]));
        Assert.Equal([0, 0, 25, 75, 100], values.SkipLast(1).Select(value => (int)value["percentage"]!));
        Assert.False(string.IsNullOrEmpty((string?)values[0]["title"]));
    }

    [Fact]
    public async Task Load_BeforeInitialized_SendsNoRequest()
    {
        var loaded = new TaskCompletionSource();
        await using InMemorySession session = InMemorySession.Start(
            (_, _) =>
            {
                loaded.SetResult();
                return Task.FromResult<IInfillEngine>(new ScriptedEngine());
            }
        );
        await session.Client.RequestAsync("initialize", $$"""{"capabilities":{{CanShowProgress}} }""");
        await loaded.Task.WaitAsync(TimeSpan.FromSeconds(60));
        LifecycleTests.AssertError(-32601, await session.Client.RequestAsync("no/such/method"));
        Assert.DoesNotContain(session.Client.Received, message => message.ContainsKey("method"));
        await session.Client.NotifyAsync("initialized");
        await session.Client.NextAsync("window/workDoneProgress/create");
    }

    [Fact]
    public async Task Load_ClientShowsNoProgress_CreatesNone()
    {
        var engine = new ScriptedEngine();
        await using InMemorySession session = InMemorySession.Start(engine);
        await session.Client.InitializeAsync();
        await session.Client.OpenAsync("file:///a.cs", "x");
        string infill =
            """{"textDocument":{"uri":"file:///a.cs"},"spans":[{"start":{"line":0,"character":0},"end":{"line":0,"character":0}}]}""";
        Assert.NotNull((await session.Client.RequestAsync("stableDiffCoder/infill", infill))["result"]);
        Assert.DoesNotContain(session.Client.Received, message => message.ContainsKey("method"));
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"error":{"code":-32601,"message":"no"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"result":{"surprise":[1]}}""")]
    public async Task Load_ClientAnswersCreateOddly_StillLoads(string response)
    {
        await using InMemorySession session = InMemorySession.Start(new ScriptedEngine { Fill = "ok" });
        session.Client.AnswersRequests = false;
        await session.Client.InitializeAsync(CanShowProgress);
        JsonObject create = await session.Client.NextAsync("window/workDoneProgress/create");
        await session.Client.SendAsync(response.Replace("ID", create["id"]!.ToJsonString(), StringComparison.Ordinal));
        await session.Client.OpenAsync("file:///a.cs", "x");
        string infill =
            """{"textDocument":{"uri":"file:///a.cs"},"spans":[{"start":{"line":0,"character":0},"end":{"line":0,"character":0}}]}""";
        Assert.NotNull((await session.Client.RequestAsync("stableDiffCoder/infill", infill))["result"]);
    }

    [Fact]
    public async Task Load_Fails_SaysSoOnceAndLivesOn()
    {
        await using InMemorySession session = InMemorySession.Start(
            (_, _) => throw new InvalidDataException("model.safetensors lacks 'model.norm.weight'; download it again or check --model.")
        );
        await session.Client.InitializeAsync(CanShowProgress);
        JsonObject message = await session.Client.NextAsync("window/showMessage");
        Assert.Equal(1, (int)message["params"]!["type"]!);
        Assert.Contains("lacks 'model.norm.weight'", (string?)message["params"]!["message"], StringComparison.Ordinal);
        await session.Client.OpenAsync("file:///a.cs", "x");
        JsonObject completion = await session.Client.RequestAsync(
            "textDocument/inlineCompletion",
            """{"textDocument":{"uri":"file:///a.cs"},"position":{"line":0,"character":1}}"""
        );
        Assert.True(completion.ContainsKey("result") && completion["result"] is null, completion.ToJsonString());
        JsonObject infill = await session.Client.RequestAsync(
            "stableDiffCoder/infill",
            """{"textDocument":{"uri":"file:///a.cs"},"spans":[{"start":{"line":0,"character":0},"end":{"line":0,"character":0}}]}"""
        );
        LifecycleTests.AssertError(-32803, infill);
        Assert.Contains("lacks 'model.norm.weight'", (string?)infill["error"]!["message"], StringComparison.Ordinal);
        while ((string?)(await session.Client.NextAsync("$/progress"))["params"]!["value"]!["kind"] != "end") { }
        Assert.Single(session.Client.Received, sent => (string?)sent["method"] == "window/showMessage");
        await session.Client.RequestAsync("shutdown");
        await session.Client.NotifyAsync("exit");
        Assert.Equal(0, await session.ExitCodeAsync());
    }

    [Fact]
    public async Task Load_UnderWayAtExit_IsCancelled()
    {
        var cancelled = new TaskCompletionSource();
        await using InMemorySession session = InMemorySession.Start(
            async (_, cancellationToken) =>
            {
                using CancellationTokenRegistration registration = cancellationToken.Register(cancelled.SetResult);
                await Task.Delay(Timeout.Infinite, cancellationToken);
                throw new InvalidOperationException("not reached");
            }
        );
        await session.Client.InitializeAsync();
        await session.Client.RequestAsync("shutdown");
        await session.Client.NotifyAsync("exit");
        Assert.Equal(0, await session.ExitCodeAsync());
        Assert.True(cancelled.Task.IsCompleted);
    }
}
