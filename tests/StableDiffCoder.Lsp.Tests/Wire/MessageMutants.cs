using System.Text;
using System.Text.Json.Nodes;
using CsCheck;

namespace StableDiffCoder.Lsp.Tests.Wire;

/// <summary>Random messages of a session with one thing wrong each; none of them ends a session.</summary>
public static class MessageMutants
{
    private const string Uri = "file:///a.cs";
    private const string Range = """{"start":{"line":0,"character":1},"end":{"line":0,"character":2}}""";

    private static readonly string[] Messages =
    [
        $$"""{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"{{Uri}}","languageId":"csharp","version":1,"text":"int a"} } }""",
        $$"""{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"{{Uri}}","version":2},"contentChanges":[{"range":{{Range}},"text":"x"}] } }""",
        $$"""{"jsonrpc":"2.0","method":"textDocument/didClose","params":{"textDocument":{"uri":"{{Uri}}"} } }""",
        $$"""{"jsonrpc":"2.0","id":1000000,"method":"textDocument/inlineCompletion","params":{"textDocument":{"uri":"{{Uri}}"},"position":{"line":0,"character":1} } }""",
        $$"""{"jsonrpc":"2.0","id":"a","method":"stableDiffCoder/infill","params":{"textDocument":{"uri":"{{Uri}}","version":1},"spans":[{{Range}}],"maxNewTokens":4} }""",
        """{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"a"} }""",
        """{"jsonrpc":"2.0","method":"$/progress","params":{"token":"t","value":{} } }""",
        """{"jsonrpc":"2.0","id":2,"method":"no/such/method","params":[1,{"a":null}],"traceparent":"00-0-0-0","joinableTaskToken":"x"}""",
        """{"jsonrpc":"2.0","id":3,"result":{"a":[]} }""",
        """{"jsonrpc":"2.0","id":4,"error":{"code":-1,"message":"m","data":{"stack":"s"} } }""",
    ];

    private static readonly Gen<string> OddValues = Gen.OneOf(
        "null",
        "true",
        "0",
        "-1",
        "1.5",
        "1e400",
        "99999999999999999999",
        "\"\"",
        "\"\\ud800\"",
        "\"\\u0000\"",
        "[]",
        "[[]]",
        "{}",
        "{\"a\":1,\"a\":2}"
    );

    /// <summary>A message in which one value was replaced, one member dropped, renamed or doubled, or one byte changed.</summary>
    public static readonly Gen<byte[]> Bodies = Gen.Select(
        Gen.OneOf(Messages),
        Gen.Int[0, 5],
        Gen.Int[0, 1000],
        OddValues,
        Gen.Byte,
        (message, kind, place, value, octet) =>
            kind switch
            {
                0 or 1 or 2 => Encoding.UTF8.GetBytes(ReplaceValue(message, place, value)),
                3 => Encoding.UTF8.GetBytes(DropMember(message, place)),
                4 => Encoding.UTF8.GetBytes(message.Insert(message.Length - 1, $",\"id\":{value}")),
                _ => WithByte(Encoding.UTF8.GetBytes(message), place, octet),
            }
    );

    private static string ReplaceValue(string message, int place, string value)
    {
        var root = (JsonObject)JsonNode.Parse(message)!;
        JsonNode[] nodes = [.. Descendants(root)];
        JsonNode chosen = nodes[place % nodes.Length];
        // A marker, as JsonNode itself cannot hold every odd value.
        chosen.ReplaceWith("@here@");
        return root.ToJsonString().Replace("\"@here@\"", value, StringComparison.Ordinal);
    }

    private static string DropMember(string message, int place)
    {
        var root = (JsonObject)JsonNode.Parse(message)!;
        JsonNode[] nodes = [.. Descendants(root).Where(node => node.Parent is JsonObject)];
        JsonNode chosen = nodes[place % nodes.Length];
        chosen.Parent!.AsObject().Remove(chosen.GetPropertyName());
        return root.ToJsonString();
    }

    private static byte[] WithByte(byte[] body, int place, byte octet)
    {
        body[place % body.Length] = octet;
        return body;
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode node)
    {
        IEnumerable<JsonNode?> children = node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        };
        return children.OfType<JsonNode>().SelectMany(child => Descendants(child).Prepend(child));
    }
}
