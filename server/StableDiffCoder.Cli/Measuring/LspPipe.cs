using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace StableDiffCoder.Cli.Measuring;

/// <summary>A language server process and one conversation with it, over its stdin and stdout: one request at a time.</summary>
internal sealed class LspPipe : IAsyncDisposable
{
    private readonly Process process;
    private readonly Stream input;
    private readonly Stream output;
    private int lastId;

    private LspPipe(Process process)
    {
        this.process = process;
        input = process.StandardInput.BaseStream;
        output = new BufferedStream(process.StandardOutput.BaseStream, 1 << 16);
        // Nobody reads the log; unread it would fill its pipe.
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
    }

    /// <summary>Starts this same program as a server.</summary>
    /// <param name="arguments">Behind <c>lsp</c>.</param>
    public static LspPipe Start(IEnumerable<string> arguments)
    {
        string program =
            Environment.ProcessPath
            ?? throw new InvalidOperationException("The path of this program is not known; it cannot start a server.");
        bool isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        string[] first = isHost ? [Path.Combine(AppContext.BaseDirectory, "stable-diffcoder.dll")] : [];
        var start = new ProcessStartInfo(program, [.. first, "lsp", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new LspPipe(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
    }

    /// <summary>Sends a notification.</summary>
    public Task NotifyAsync(string method, JsonNode parameters, CancellationToken cancellationToken) =>
        SendAsync(
            new JsonObject
            {
                ["jsonrpc"] = "2.0",
                ["method"] = method,
                ["params"] = parameters,
            },
            cancellationToken
        );

    /// <summary>Sends a request and waits for its answer; requests of the server are answered null meanwhile.</summary>
    /// <returns>The result; null is a result too.</returns>
    /// <exception cref="IOException">The server answered an error, or is gone.</exception>
    public async Task<JsonNode?> RequestAsync(string method, JsonNode? parameters, CancellationToken cancellationToken)
    {
        int id = ++lastId;
        var request = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id,
            ["method"] = method,
        };
        if (parameters is not null)
        {
            request["params"] = parameters;
        }
        await SendAsync(request, cancellationToken);
        while (true)
        {
            JsonObject message = await ReceiveAsync(cancellationToken);
            if (message["method"] is not null)
            {
                if (message["id"] is JsonNode asked)
                {
                    await SendAsync(
                        new JsonObject
                        {
                            ["jsonrpc"] = "2.0",
                            ["id"] = asked.DeepClone(),
                            ["result"] = null,
                        },
                        cancellationToken
                    );
                }
                continue;
            }
            if (message["id"]?.GetValueKind() == JsonValueKind.Number && message["id"]!.GetValue<int>() == id)
            {
                return message["error"] is JsonNode error ? throw new IOException($"{method}: {error.ToJsonString()}") : message["result"];
            }
        }
    }

    private async Task SendAsync(JsonObject message, CancellationToken cancellationToken)
    {
        byte[] body = Encoding.UTF8.GetBytes(message.ToJsonString());
        byte[] header = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n"));
        await input.WriteAsync((byte[])[.. header, .. body], cancellationToken);
        await input.FlushAsync(cancellationToken);
    }

    private async Task<JsonObject> ReceiveAsync(CancellationToken cancellationToken)
    {
        int length = 0;
        while (await LineAsync(cancellationToken) is { Length: > 0 } line)
        {
            if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            {
                length = int.Parse(line.AsSpan(15), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
            }
        }
        byte[] body = new byte[length];
        await output.ReadExactlyAsync(body, cancellationToken);
        return JsonNode.Parse(body)!.AsObject();
    }

    private async Task<string> LineAsync(CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        byte[] one = new byte[1];
        while (true)
        {
            await output.ReadExactlyAsync(one, cancellationToken);
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }
            line.Append((char)one[0]);
        }
    }

    /// <summary>Ends the process.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
