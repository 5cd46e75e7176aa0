using System.Diagnostics;
using System.Text.Json.Nodes;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>The server is alone on its machine: the kernel itself says so.</summary>
public sealed class SocketTests(TestModel model) : IClassFixture<TestModel>
{
    private const string Uri = "file:///a.cs";

    [ToolFact("strace", "strace")]
    public async Task Session_WithCompletion_OpensNoSocket()
    {
        string trace = Path.GetTempFileName();
        try
        {
            await using (ServerProcess server = ServerProcess.Start(model.Folder, Strace(trace)))
            {
                await server.Client.InitializeAsync("""{"window":{"workDoneProgress":true} }""");
                while ((string?)(await server.Client.NextAsync("$/progress"))["params"]!["value"]!["kind"] != "end") { }
                await server.Client.OpenAsync(Uri, "class A { int x = ; }");
                JsonObject answer = await server.Client.RequestAsync(
                    "textDocument/inlineCompletion",
                    $$"""{"textDocument":{"uri":"{{Uri}}"},"position":{"line":0,"character":18},"context":{"triggerKind":1} }"""
                );
                Assert.False(answer.ContainsKey("error"), answer.ToJsonString());
                await server.Client.RequestAsync("shutdown");
                await server.Client.NotifyAsync("exit");
                Assert.Equal(0, await server.ExitCodeAsync());
            }
            string calls = await File.ReadAllTextAsync(trace);
            Assert.Contains("+++ exited with 0 +++", calls, StringComparison.Ordinal);
            Assert.DoesNotContain("socket(", calls, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(trace);
        }
    }

    [ToolFact("strace", "strace")]
    public async Task Strace_ProcessWithSocket_SeesIt()
    {
        string trace = Path.GetTempFileName();
        try
        {
            string[] command = [.. Strace(trace), "bash", "-c", "exec 3<>/dev/udp/127.0.0.1/9"];
            using Process process = Process.Start(command[0], command[1..]);
            await process.WaitForExitAsync();
            Assert.Contains("socket(AF_INET, SOCK_DGRAM", await File.ReadAllTextAsync(trace), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(trace);
        }
    }

    private static string[] Strace(string trace) => ["strace", "-f", "--seccomp-bpf", "-e", "trace=socket", "-o", trace];
}
