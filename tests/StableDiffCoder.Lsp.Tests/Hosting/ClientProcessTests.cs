using System.Diagnostics;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Hosting;

public sealed class ClientProcessTests
{
    [Fact]
    public async Task ClientProcess_Dies_EndsTheServerThoughItsPipeIsOpen()
    {
        using Process client = Process.Start(new ProcessStartInfo("sleep", ["600"]))!;
        await using InMemorySession session = InMemorySession.Start(new ScriptedEngine());
        await session.Client.RequestAsync("initialize", $$"""{"processId":{{client.Id}},"capabilities":{} }""");
        client.Kill();
        Assert.Equal(1, await session.ExitCodeAsync());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("2147483647")]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("9007199254740991")]
    public async Task ClientProcess_Unknown_IsNotWatched(string id)
    {
        await using InMemorySession session = InMemorySession.Start(new ScriptedEngine());
        Assert.NotNull((await session.Client.RequestAsync("initialize", $$"""{"processId":{{id}},"capabilities":{} }"""))["result"]);
        Assert.Null((await session.Client.RequestAsync("shutdown"))["result"]);
        await session.Client.NotifyAsync("exit");
        Assert.Equal(0, await session.ExitCodeAsync());
    }
}
