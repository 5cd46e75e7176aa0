using System.Text.Json;
using System.Text.Json.Nodes;
using StableDiffCoder.Engine.Tests;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>The rest of the work, through the real process: what the model is shown of other files, and what never.</summary>
public sealed class WorkspaceContextTests(TestModel model) : IClassFixture<TestModel>, IDisposable
{
    private const string Code = "class Here\n{\n    void Use(Account account)\n    {\n        account.\n    }\n}\n";
    private const string Secret = "Correcthorsebatterystaple";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Context_FilesOfTheWorkspace_FollowChanges()
    {
        Write("Account.cs", "public class Account { public void Withdraw() { } }");
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        LspTestClient client = server.Client;
        await StartAsync(client);
        await client.OpenAsync(Uri("Here.cs"), Code);
        Assert.Contains("public void Withdraw();", await ShownAsync(client, 2), StringComparison.Ordinal);

        // Outside the editor.
        Write("Account.cs", "public class Account { public void Deposit(int amount) { } }");
        await client.NotifyAsync("workspace/didChangeWatchedFiles", Changed("Account.cs"));
        Assert.Contains("public void Deposit(int amount);", await ShownAsync(client, 2), StringComparison.Ordinal);

        // Open, with text that is not on the disk.
        await client.OpenAsync(Uri("Account.cs"), "public class Account { public int Balance => 0; }");
        Assert.Contains("public int Balance { get; }", await ShownAsync(client, 2), StringComparison.Ordinal);
        await client.ReplaceAsync(Uri("Account.cs"), "public class Account { public int Limit => 0; }", 2);
        Assert.Contains("public int Limit { get; }", await ShownAsync(client, 2), StringComparison.Ordinal);
        await client.NotifyAsync("textDocument/didClose", $$"""{"textDocument":{"uri":"{{Uri("Account.cs")}}"} }""");
        Assert.Contains("public void Deposit(int amount);", await ShownAsync(client, 2), StringComparison.Ordinal);
        await EndAsync(server);
    }

    [Fact]
    public async Task Context_BranchSwitch_RefreshesTheWholeIndex()
    {
        string[] names = [.. Enumerable.Range(0, 80).Select(i => $"src/File{i}.cs")];
        Array.ForEach(names, name => Write(name, $"class {Path.GetFileNameWithoutExtension(name)} {{ }}"));
        Write("Account.cs", "public class Account { public void Before() { } }");
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        await StartAsync(server.Client);
        await server.Client.OpenAsync(Uri("Here.cs"), Code);
        Assert.Contains("Before", await ShownAsync(server.Client, 82), StringComparison.Ordinal);

        Array.ForEach(names[..70], name => File.Delete(folder.File(name)));
        // Not among those that are told: it must be found nonetheless.
        Write("Account.cs", "public class Account { public void AfterTheSwitch() { } }");
        await server.Client.NotifyAsync("workspace/didChangeWatchedFiles", Changed(names[..70]));
        Assert.Contains("AfterTheSwitch", await ShownAsync(server.Client, 12), StringComparison.Ordinal);
        await EndAsync(server);
    }

    [Theory]
    [InlineData(".env.local")]
    [InlineData("keys/server.pem")]
    [InlineData("id_rsa")]
    [InlineData("generated/Account.cs")]
    [InlineData("ignored/Account.cs")]
    public async Task Excluded_Document_GetsNoCompletionAndEntersNoContext(string name)
    {
        Directory.CreateDirectory(folder.File(".git"));
        Write(".gitignore", "ignored/\n");
        string text =
            $"public class Account {{ public void {Secret}() {{ }} }}\nclass Here {{ void Use(Account account) {{ account. }} }}\n";
        Write(name, text);
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        LspTestClient client = server.Client;
        await StartAsync(client, """{"debugRequests":true,"exclude":{"globs":["generated/**"]} }""");
        await client.OpenAsync(Uri(name), text);
        await client.OpenAsync(Uri("Here.cs"), Code);

        Assert.Null((await CompleteAsync(client, name))["result"]);
        JsonNode decision = (await client.RequestAsync("stableDiffCoder/status"))["result"]!["decisions"]![0]!;
        Assert.Equal("Excluded", (string?)decision["rule"]);
        Assert.Equal(Uri(name), (string?)decision["uri"]);
        Assert.DoesNotContain(Secret, await ShownAsync(client, 1), StringComparison.Ordinal);
        Assert.Empty(await ShownAsync(client, 1, name));

        // The same text where nothing excludes it is shown: the test would notice.
        await client.OpenAsync(Uri("Account.cs"), text);
        Assert.Contains(Secret, await ShownAsync(client, 2), StringComparison.Ordinal);
        await EndAsync(server);
    }

    [Theory]
    [InlineData(".env.local", "exclude.secrets")]
    [InlineData("ignored/Account.cs", "exclude.gitIgnored")]
    [InlineData("generated/Account.cs", "exclude.globs")]
    public async Task Excluded_Document_IsNeitherFilledNorEdited(string name, string setting)
    {
        Directory.CreateDirectory(folder.File(".git"));
        Write(".gitignore", "ignored/\n");
        Write(name, Code);
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        LspTestClient client = server.Client;
        await StartAsync(
            client,
            """{"exclude":{"globs":["generated/**"]} }""",
            """{"workspace":{"applyEdit":true},"textDocument":{"codeAction":{"codeActionLiteralSupport":{} } } }"""
        );
        await client.OpenAsync(Uri(name), Code);
        string range = """{"start":{"line":4,"character":0},"end":{"line":4,"character":4}}""";
        string document = $$"""{"uri":"{{Uri(name)}}"}""";
        string infill = $$"""{"textDocument":{{document}},"spans":[{{range}}]}""";
        string edit = $$"""{"textDocument":{{document}},"range":{{range}},"instruction":"remove it"}""";
        string command = $$"""{"command":"stableDiffCoder.server.infill","arguments":[{{infill}}]}""";
        (string, string)[] requests =
        [
            ("stableDiffCoder/infill", infill),
            ("stableDiffCoder/edit", edit),
            ("workspace/executeCommand", command),
        ];
        foreach ((string method, string parameters) in requests)
        {
            JsonNode? error = (await client.RequestAsync(method, parameters))["error"];
            Assert.Equal(-32803, (int?)error?["code"]);
            Assert.Contains("the document is excluded", (string?)error!["message"], StringComparison.Ordinal);
            Assert.Contains(setting, (string?)error["message"], StringComparison.Ordinal);
        }
        string actions = $$"""{"textDocument":{{document}},"range":{{range}},"context":{"diagnostics":[]} }""";
        Assert.Empty((await client.RequestAsync("textDocument/codeAction", actions))["result"]!.AsArray());

        // The same document where nothing excludes it is filled, and has actions.
        await client.NotifyAsync(
            "workspace/didChangeConfiguration",
            """{"settings":{"stableDiffCoder":{"exclude":{"secrets":[],"gitIgnored":false} } } }"""
        );
        Assert.NotNull((await client.RequestAsync("stableDiffCoder/infill", infill))["result"]);
        Assert.NotEmpty((await client.RequestAsync("textDocument/codeAction", actions))["result"]!.AsArray());
        await EndAsync(server);
    }

    [Fact]
    public async Task Excluded_BySettingOrGitLater_LeavesTheContextAtOnce()
    {
        Directory.CreateDirectory(folder.File(".git"));
        Write("Account.cs", $"public class Account {{ public void {Secret}() {{ }} }}");
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        LspTestClient client = server.Client;
        await StartAsync(client);
        await client.OpenAsync(Uri("Here.cs"), Code);
        Assert.Contains(Secret, await ShownAsync(client, 2), StringComparison.Ordinal);
        await client.NotifyAsync(
            "workspace/didChangeConfiguration",
            """{"settings":{"stableDiffCoder":{"exclude":{"globs":["Acc*"]} } } }"""
        );
        Assert.DoesNotContain(Secret, await ContextAsync(client, "Here.cs"), StringComparison.Ordinal);
        await client.NotifyAsync("workspace/didChangeConfiguration", """{"settings":{"stableDiffCoder":{} } }""");
        Assert.Contains(Secret, await ShownAsync(client, 2), StringComparison.Ordinal);
        Write(".gitignore", "Account.cs\n");
        await client.NotifyAsync("workspace/didChangeWatchedFiles", Changed(".gitignore"));
        Assert.DoesNotContain(Secret, await ContextAsync(client, "Here.cs"), StringComparison.Ordinal);
        await EndAsync(server);
    }

    [Fact]
    public async Task Context_Disabled_IndexesNothingUntilItIsOn()
    {
        Write("Account.cs", "public class Account { public void Withdraw() { } }");
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        await StartAsync(server.Client, """{"debugRequests":true,"context":{"enabled":false} }""");
        await server.Client.OpenAsync(Uri("Here.cs"), Code);
        Assert.Empty(await ShownAsync(server.Client, 0));
        await server.Client.NotifyAsync("workspace/didChangeConfiguration", """{"settings":{"stableDiffCoder":{} } }""");
        Assert.Contains("Withdraw", await ShownAsync(server.Client, 2), StringComparison.Ordinal);
        await EndAsync(server);
    }

    [Fact]
    public async Task Initialized_ClientWatchesFiles_IsAskedTo()
    {
        await using ServerProcess server = ServerProcess.Start(model.Folder);
        await server.Client.InitializeAsync("""{"workspace":{"didChangeWatchedFiles":{"dynamicRegistration":true} } }""");
        JsonNode registration = (await server.Client.NextAsync("client/registerCapability"))["params"]!["registrations"]![0]!;
        Assert.Equal("workspace/didChangeWatchedFiles", (string?)registration["method"]);
        Assert.Equal(
            ["**/*.cs", "**/.gitignore"],
            registration["registerOptions"]!["watchers"]!.AsArray().Select(watcher => (string?)watcher!["globPattern"])
        );
    }

    private void Write(string name, string text)
    {
        string path = folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        // Two writes of one length within a tick of the file system's clock have one stamp.
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow.AddTicks(Random.Shared.NextInt64(1 << 30)));
    }

    private string Uri(string name) => new Uri(folder.File(name)).AbsoluteUri;

    private string Changed(params string[] names) =>
        $$"""{"changes":[{{string.Join(',', names.Select(name => $$"""{"uri":"{{Uri(name)}}","type":2}"""))}}]}""";

    private async Task StartAsync(LspTestClient client, string options = """{"debugRequests":true}""", string capabilities = "{}")
    {
        await client.RequestAsync(
            "initialize",
            $$"""
            {"processId":{{Environment.ProcessId}},"capabilities":{{capabilities}},"initializationOptions":{{options}},
             "workspaceFolders":[{"uri":"{{new Uri(folder.Path).AbsoluteUri}}","name":"w"}]}
            """
        );
        await client.NotifyAsync("initialized");
    }

    /// <summary>What is shown once the index has so many files and no more to read.</summary>
    private async Task<string> ShownAsync(LspTestClient client, int files, string name = "Here.cs")
    {
        while (true)
        {
            JsonNode status = (await client.RequestAsync("stableDiffCoder/status"))["result"]!;
            if (!(bool)status["indexing"]! && (int)status["indexedFiles"]! == files)
            {
                return await ContextAsync(client, name);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }
    }

    private async Task<string> ContextAsync(LspTestClient client, string name)
    {
        JsonObject answer = await client.RequestAsync(
            "stableDiffCoder/debug/context",
            $$"""{"textDocument":{"uri":"{{Uri(name)}}"},"position":{"line":4,"character":16} }"""
        );
        return string.Join('\n', answer["result"]!["snippets"]!.AsArray().Select(snippet => $"{snippet!["path"]}\n{snippet["text"]}"));
    }

    private async Task<JsonObject> CompleteAsync(LspTestClient client, string name) =>
        await client.RequestAsync(
            "textDocument/inlineCompletion",
            $$"""{"textDocument":{"uri":{{JsonSerializer.Serialize(Uri(name))}} },"position":{"line":1,"character":54},"context":{"triggerKind":1} }"""
        );

    private static async Task EndAsync(ServerProcess server)
    {
        Assert.Null((await server.Client.RequestAsync("shutdown"))["result"]);
        await server.Client.NotifyAsync("exit");
        Assert.Equal(0, await server.ExitCodeAsync());
        Assert.Empty(server.Errors.Trim());
    }
}
