using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary>
/// Looks through bytes that could not be read for changes of documents. A document that misses one would be completed with edits that do not fit.
/// </summary>
internal sealed partial class LostChange
{
    // Some JSON writers escape the slash.
    private static readonly byte[][] Methods =
    [
        .. new[] { LspMethods.DidChange, LspMethods.DidOpen }
            .SelectMany(method => new[] { method, method.Replace("/", "\\/", StringComparison.Ordinal) })
            .Select(Encoding.ASCII.GetBytes),
    ];
    private static readonly int Longest = Methods.Max(method => method.Length);

    private byte[] tail = [];
    private bool found;

    /// <summary>Takes in bytes that nobody reads, in their order.</summary>
    public void Skip(ReadOnlySpan<byte> bytes)
    {
        // A name may be cut in two by where the bytes were.
        byte[] seam = [.. tail, .. bytes[..Math.Min(bytes.Length, Longest)]];
        found |= CountIn(seam) > 0 || CountIn(bytes) > 0;
        tail = bytes.Length >= Longest ? bytes[^Longest..].ToArray() : [.. seam.TakeLast(Longest)];
    }

    /// <summary>Whether a change was among the bytes taken in since the last call.</summary>
    public bool Take()
    {
        (bool result, found, tail) = (found, false, []);
        return result;
    }

    /// <summary>The notice about a body that could not be read; null when no change was in it.</summary>
    public static byte[]? In(byte[] body)
    {
        int changes = CountIn(body);
        if (changes == 0)
        {
            return null;
        }
        string[] uris = [.. Uri().Matches(Encoding.UTF8.GetString(body)).Select(match => Unescape(match.Groups[1].Value)).OfType<string>()];
        return Notice(uris.Length >= changes ? uris : []);
    }

    /// <summary>The notice that changes of these documents, or of all when there are none, may be lost.</summary>
    public static byte[] Notice(IReadOnlyList<string> uris)
    {
        string parameters = JsonSerializer.Serialize(new LostChangeParams { Uris = uris }, LspJson.Default.LostChangeParams);
        return Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","method":"{{LostChangeParams.Method}}","params":{{parameters}}}""");
    }

    private static int CountIn(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        foreach (byte[] method in Methods)
        {
            ReadOnlySpan<byte> rest = bytes;
            while (rest.IndexOf(method) is >= 0 and int at)
            {
                count++;
                rest = rest[(at + method.Length)..];
            }
        }
        return count;
    }

    private static string? Unescape(string escaped)
    {
        try
        {
            return JsonSerializer.Deserialize($"\"{escaped}\"", LspJson.Default.String);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    [GeneratedRegex(
        """
            "uri"\s*:\s*"((?:[^"\\]|\\.)*)"
            """
    )]
    private static partial Regex Uri();
}
