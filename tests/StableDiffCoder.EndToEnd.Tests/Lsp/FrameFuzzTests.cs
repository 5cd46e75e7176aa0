using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using StableDiffCoder.Engine.Tests.Infilling;
using Xunit.Abstractions;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>
/// Random frames through the real process. It answers a valid inlineCompletion after every hundred, always the same, and never ends; if it
/// does, that is a finding, and a new process goes on.
/// </summary>
public sealed class FrameFuzzTests(ITestOutputHelper output)
{
    private const int FramesBetweenProbes = 100;
    private const string Uri = "file:///probe.cs";
    private const string Text = "class Stack\n{\n    private int count;\n\n    public int Count => ;\n}\n";

    // Whatever a lying length still wants to swallow, it finds here; to a reader that is in step they are one broken header.
    private static readonly byte[] Padding = [.. Enumerable.Repeat((byte)'\n', FrameMutants.MostSwallowed)];

    [Fact]
    [Trait("Category", "Soak")]
    public async Task Frames_Random_NeverEndTheProcess()
    {
        int count = TestEffort.Of("STABLE_DIFFCODER_FUZZ_FRAMES", 20_000);
        int seed = TestEffort.Of("STABLE_DIFFCODER_SEED", 1);
        var random = new PCG(1, (ulong)seed);
        using var model = new InfillCheckpoint(seed: 8, maxPositions: 512);
        var findings = new List<string>();
        ServerProcess? server = null;
        string? suggestion = null;
        try
        {
            for (int sent = 0; sent < count; sent += FramesBetweenProbes)
            {
                server ??= await StartAsync(model.Path);
                byte[][] frames =
                [
                    .. Enumerable.Range(0, FramesBetweenProbes).Select(_ => FrameMutants.Bytes.Generate(random, null, out Size _)),
                ];
                string? problem = await SendAsync(server, frames, sent, value => suggestion ??= value);
                if (problem is not null)
                {
                    findings.Add($"seed {seed}, frames {sent}–{sent + FramesBetweenProbes - 1}: {problem}\n{server.Errors}");
                    await server.DisposeAsync();
                    server = null;
                }
            }
        }
        finally
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }
        output.WriteLine($"{count} frames with seed {seed}, {findings.Count} findings; the probe was answered {suggestion}");
        Assert.True(findings.Count == 0, string.Join('\n', findings));
        Assert.False(string.IsNullOrEmpty(suggestion));
    }

    private static async Task<ServerProcess> StartAsync(string model)
    {
        ServerProcess server = ServerProcess.Start(model);
        await server.Client.InitializeAsync("""{"window":{"workDoneProgress":true} }""");
        while ((string?)(await server.Client.NextAsync("$/progress"))["params"]!["value"]!["kind"] != "end") { }
        return server;
    }

    /// <summary>Sends frames and a probe; returns what is wrong.</summary>
    private static async Task<string?> SendAsync(ServerProcess server, byte[][] frames, int number, Func<string, string> first)
    {
        byte[] all = [.. frames.SelectMany(frame => frame), .. Padding];
        string id = $"\"probe-{number}\"";
        try
        {
            await server.Client.SendBytesAsync(all);
            await server.Client.OpenAsync(Uri, Text);
            string request = $$"""
                {"jsonrpc":"2.0","id":{{id}},"method":"textDocument/inlineCompletion","params":{"textDocument":{"uri":"{{Uri}}"},
                 "position":{"line":4,"character":24},"context":{"triggerKind":1} } }
                """;
            JsonObject answer = await server.Client.RawRequestAsync(request, id);
            string? text = (string?)answer["result"]?["items"]?[0]?["insertText"];
            return text is null ? $"the probe was answered {answer.ToJsonString()}"
                : first(text) == text ? null
                : $"the probe was answered {JsonSerializer.Serialize(text)} and not {JsonSerializer.Serialize(first(text))}";
        }
        catch (Exception exception) when (exception is IOException or TimeoutException)
        {
            string file = Path.Combine(Path.GetTempPath(), $"stable-diffcoder-fuzz-{number}.bin");
            await File.WriteAllBytesAsync(file, all);
            return $"{exception.Message}; the frames are in {file}";
        }
    }
}
