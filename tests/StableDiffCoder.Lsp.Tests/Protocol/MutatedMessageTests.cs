using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Protocol;

/// <summary>Messages with one thing wrong, of every kind: the session outlives all of them.</summary>
public sealed class MutatedMessageTests
{
    [Fact]
    public async Task Session_MutatedMessages_GoesOn()
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        byte[] last = [];
        int probe = 0;
        await MessageMutants
            .Bodies.Array[1, 20]
            .SampleAsync(
                async bodies =>
                {
                    foreach (byte[] body in bodies)
                    {
                        last = body;
                        byte[] header = Encoding.ASCII.GetBytes($"Content-Length: {body.Length}\r\n\r\n");
                        await session.Client.SendBytesAsync([.. header, .. body]);
                    }
                    Assert.False(session.Server.IsCompleted, Encoding.UTF8.GetString(last));
                    // An id that no mutant can have: one that is still open is refused.
                    string id = $"\"probe-{probe++}\"";
                    JsonObject answer = await session.Client.RawRequestAsync(
                        $$"""{"jsonrpc":"2.0","id":{{id}},"method":"still/there"}""",
                        id
                    );
                    Assert.Equal(-32601, (int?)answer["error"]?["code"]);
                },
                iter: 400,
                threads: 1
            );
    }
}
