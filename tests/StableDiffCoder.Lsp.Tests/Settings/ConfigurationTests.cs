using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Hosting;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Settings;

public sealed class ConfigurationTests
{
    private const string Pulls = """{"workspace":{"configuration":true,"didChangeConfiguration":{"dynamicRegistration":true} } }""";
    private const string Uri = "file:///a.cs";

    [Fact]
    public async Task Configuration_OfTheClient_ChoosesTheModelBeforeAnyIsLoaded()
    {
        var source = new NamedModels();
        await using InMemorySession session = InMemorySession.Start(source);
        session.Client.Answers["workspace/configuration"] = """[{"model":{"path":"large"}}]""";
        await session.Client.InitializeAsync(Pulls);
        JsonObject asked = await session.Client.NextAsync("workspace/configuration");
        Assert.Equal("""[{"section":"stableDiffCoder"}]""", asked["params"]!["items"]!.ToJsonString());
        Assert.Equal("large", await source.NextAsync());
        Assert.Contains(session.Client.Received, sent => (string?)sent["method"] == "client/registerCapability");

        session.Client.Answers["workspace/configuration"] = """[{"model":{"path":"small"}}]""";
        await session.Client.NotifyAsync("workspace/didChangeConfiguration", """{"settings":null}""");
        Assert.Equal("small", await source.NextAsync());
    }

    [Fact]
    public async Task Configuration_NotAnswered_LoadsTheDefaultModel()
    {
        var source = new NamedModels();
        await using InMemorySession session = InMemorySession.Start(source);
        session.Client.AnswersRequests = false;
        await session.Client.InitializeAsync(Pulls);
        JsonObject asked = await session.Client.NextAsync("client/registerCapability");
        await session.Client.SendAsync(
            $$"""{"jsonrpc":"2.0","id":{{asked["id"]!.ToJsonString()}},"error":{"code":-32601,"message":"no"} }"""
        );
        JsonObject settings = await session.Client.NextAsync("workspace/configuration");
        await session.Client.SendAsync(
            $$"""{"jsonrpc":"2.0","id":{{settings["id"]!.ToJsonString()}},"error":{"code":-32603,"message":"no"} }"""
        );
        Assert.Null(await source.NextAsync());
    }

    [Theory]
    [InlineData("""{"settings":{"stableDiffCoder":{"model":{"path":"pushed"}},"other":1} }""", "pushed")]
    [InlineData("""{"settings":{"stableDiffCoder":7} }""", "initial")]
    [InlineData("""{"settings":null}""", "initial")]
    [InlineData("{}", "initial")]
    public async Task DidChangeConfiguration_Pushed_IsTaken(string parameters, string expected)
    {
        var source = new NamedModels();
        await using InMemorySession session = InMemorySession.Start(
            source,
            new LanguageServerOptions { Model = new ModelOptions { Path = "initial" } }
        );
        await session.Client.InitializeAsync();
        Assert.Equal("initial", await source.NextAsync());
        await session.Client.NotifyAsync("workspace/didChangeConfiguration", parameters);
        await session.Client.RequestAsync("still/there");
        if (expected != "initial")
        {
            Assert.Equal(expected, await source.NextAsync());
        }
        Assert.Equal(0, source.Unseen);
    }

    [Fact]
    public async Task Configuration_WrongValue_IsToldOnce()
    {
        await using InMemorySession session = InMemorySession.Start(new ScriptedEngine());
        await session.Client.InitializeAsync("{}", """{"inlineCompletion":{"eagerness":9},"debugRequests":true}""");
        JsonObject shown = await session.Client.NextAsync("window/showMessage");
        Assert.Contains("eagerness is 9; use 0 to 1", (string?)shown["params"]!["message"], StringComparison.Ordinal);
        Assert.Equal(2, (int)shown["params"]!["type"]!);
        await session.Client.NotifyAsync(
            "workspace/didChangeConfiguration",
            """{"settings":{"stableDiffCoder":{"inlineCompletion":{"eagerness":9}}} }"""
        );
        await session.Client.RequestAsync("still/there");
        Assert.Single(session.Client.Received, sent => (string?)sent["method"] == "window/showMessage");
    }

    [Fact]
    public async Task Setting_Changed_CountsFromTheNextRequestOn()
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine { Fill = "words" });
        await session.Client.OpenAsync(Uri, "int a; // one ");
        Assert.Null((await CompleteAsync(session, Uri, 14))["result"]);
        await session.Client.NotifyAsync(
            "workspace/didChangeConfiguration",
            """{"settings":{"stableDiffCoder":{"editing":{"inComments":true}}} }"""
        );
        Assert.NotNull((await CompleteAsync(session, Uri, 14))["result"]);
    }

    [Theory]
    [InlineData("file:///a.cs", "csharp", true)]
    [InlineData("untitled:Untitled-1", "csharp", true)]
    [InlineData("vscode-notebook-cell:/a.ipynb#W0s", "python", true)]
    [InlineData("C:\\a.cs", "csharp", true)]
    [InlineData("/home/a.cs", "csharp", true)]
    [InlineData("git:/a.cs?%7B%22ref%22%3A%22~%22%7D", "csharp", false)]
    [InlineData("output:extension-output-1", "Log", false)]
    [InlineData("vscode-scm:git/scm0/input", "scminput", false)]
    [InlineData("fugitive:///a.git//0/a.cs", "csharp", false)]
    [InlineData("gitlens://commit/a.cs", "csharp", false)]
    [InlineData("file:///repo/.git/COMMIT_EDITMSG", "plaintext", false)]
    [InlineData("file:///repo/.git/COMMIT_EDITMSG", "git-commit", false)]
    [InlineData("file:///a.patch", "diff", false)]
    public async Task InlineCompletion_WhereNobodyWritesCode_IsNull(string uri, string language, bool expected)
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine { Fill = "1 + 2;" });
        string name = JsonSerializer.Serialize(uri);
        await session.Client.NotifyAsync(
            "textDocument/didOpen",
            $$"""{"textDocument":{"uri":{{name}},"languageId":"{{language}}","version":1,"text":"int a = "} }"""
        );
        JsonObject answer = await CompleteAsync(session, uri, 8);
        Assert.True(expected == answer["result"] is JsonObject, answer.ToJsonString());
    }

    [Theory]
    [InlineData("""{"activation":{"automatic":false}}""")]
    [InlineData("""{"activation":{"disabledLanguages":["CSharp"]}}""")]
    public async Task InlineCompletion_UnwelcomeUnasked_IsForThoseWhoAsk(string settings)
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine { Fill = "1 + 2;" });
        await session.Client.OpenAsync(Uri, "int a = ");
        await session.Client.NotifyAsync("workspace/didChangeConfiguration", $$"""{"settings":{"stableDiffCoder":{{settings}}} }""");
        Assert.Null((await CompleteAsync(session, Uri, 8, trigger: 2))["result"]);
        Assert.NotNull((await CompleteAsync(session, Uri, 8, trigger: 1))["result"]);
    }

    private static Task<JsonObject> CompleteAsync(InMemorySession session, string uri, int character, int trigger = 1) =>
        session.Client.RequestAsync(
            "textDocument/inlineCompletion",
            $$"""
            {"textDocument":{"uri":{{JsonSerializer.Serialize(uri)}} },"position":{"line":0,"character":{{character}} },
             "context":{"triggerKind":{{trigger}} } }
            """
        );

    /// <summary>Models by name, whatever the name.</summary>
    private sealed class NamedModels : IModelSource
    {
        private readonly Channel<string?> names = Channel.CreateUnbounded<string?>();

        /// <summary>Number of loaded models that no test has asked for.</summary>
        public int Unseen => names.Reader.Count;

        public Task<string?> NextAsync() => names.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60));

        public ModelSighting Look(ModelOptions model) => new("", null);

        public Task<IInfillEngine> LoadAsync(ModelOptions model, IProgress<ModelLoadProgress> progress, CancellationToken cancellationToken)
        {
            names.Writer.TryWrite(model.Path);
            return Task.FromResult<IInfillEngine>(new ScriptedEngine());
        }
    }
}
