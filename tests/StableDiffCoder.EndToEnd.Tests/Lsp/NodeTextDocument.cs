using System.Diagnostics;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>A client's document as npm vscode-languageserver-textdocument keeps it, in a process of Node.</summary>
public sealed class NodeTextDocument : IAsyncDisposable
{
    private readonly Process node;

    private NodeTextDocument(Process node) => this.node = node;

    public static NodeTextDocument Start()
    {
        var start = new ProcessStartInfo("node", [RepositoryFile.Find("tests/editors/text-document/keep.mjs")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        return new NodeTextDocument(Process.Start(start)!);
    }

    /// <summary>Sends a text or an array of changes as JSON in one line of ASCII; returns the text then, as base64 of UTF-16LE.</summary>
    public async Task<string> TellAsync(string json)
    {
        await node.StandardInput.WriteAsync(json + "\n");
        await node.StandardInput.FlushAsync();
        string? text = await node.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1));
        return text ?? throw new InvalidOperationException("node ended; run npm ci at the repository's root");
    }

    public async ValueTask DisposeAsync()
    {
        node.StandardInput.Close();
        if (!node.HasExited)
        {
            node.Kill();
            await node.WaitForExitAsync();
        }
        node.Dispose();
    }
}
