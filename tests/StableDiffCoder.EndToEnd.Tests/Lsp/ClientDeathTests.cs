using System.Diagnostics;
using StableDiffCoder.Engine.Tests.Infilling;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

public sealed class ClientDeathTests
{
    [Fact]
    public async Task ClientProcess_Killed_EndsTheServerThoughItsPipesAreOpen()
    {
        using var model = new InfillCheckpoint();
        await using ServerProcess server = ServerProcess.Start(model.Path);
        using Process client = Process.Start("node", ["-e", "setInterval(() => {}, 1000)"]);
        await server.Client.RequestAsync(
            "initialize",
            $$"""{"processId":{{client.Id}},"capabilities":{"window":{"workDoneProgress":true} } }"""
        );
        await server.Client.NotifyAsync("initialized");
        while ((string?)(await server.Client.NextAsync("$/progress"))["params"]!["value"]!["kind"] != "end") { }
        if (OperatingSystem.IsLinux())
        {
            Assert.Empty(ChildrenOf(server.Id));
        }
        client.Kill();
        Assert.Equal(1, await server.ExitCodeAsync());
    }

    private static IEnumerable<string> ChildrenOf(int process) =>
        Directory
            .GetDirectories($"/proc/{process}/task")
            .SelectMany(task => File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
