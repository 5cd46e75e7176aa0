using System.Globalization;
using System.Text;
using CsCheck;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>Random frames, most of them broken: bodies with one thing wrong, lengths that lie, headers of every kind, bytes of any kind.</summary>
public static class FrameMutants
{
    /// <summary>The most bytes behind a frame that its length may swallow.</summary>
    public const int MostSwallowed = 1 << 14;

    private static readonly string[] BrokenHeaders =
    [
        "\r\n",
        "\n",
        "\r\n\r\n",
        "Content-Type: text/plain\r\n\r\n",
        "Content-Length: \r\n\r\n",
        "Content-Length: many\r\n\r\n",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: 67108865\r\n\r\n",
        "Content-Length: 2147483648\r\n\r\n",
        "Content-Length: 99999999999999999999\r\n\r\n",
        "Content-Length: 0\r\n\r\n",
        "Content-Length: 1.5\r\n\r\n",
        "no colon here\r\n",
        "GET / HTTP/1.1\r\nHost: here\r\n\r\n",
        "Content-Length Content-Length: \r\n",
        new string('x', 5000) + "\n",
        string.Concat(Enumerable.Repeat("a: b\r\n", 40)),
    ];

    private static readonly string[] Headers =
    [
        "Content-Length: {0}\r\n\r\n",
        "content-length: {0}\r\n\r\n",
        "Content-Length:{0}\r\n\r\n",
        "Content-Length: {0}\n\n",
        "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: {0}\r\n\r\n",
        "Content-Length: {0}\r\nContent-Type: application/vscode-jsonrpc; charset=utf-16\r\n\r\n",
        "Content-Length: 7\r\nContent-Length: {0}\r\n\r\n",
        "Content-Length: +{0}\r\n\r\n",
    ];

    private static readonly Gen<byte[]> Frames = Gen.Select(MessageMutants.Bodies, Gen.OneOf(Headers), Gen.Int[0, 3])
        .Select((body, header, odd) => Frame(body, odd == 0 ? header : Headers[0], body.Length));

    private static readonly Gen<byte[]> LyingFrames = Gen.Select(MessageMutants.Bodies, Gen.Int[-60, 500])
        .Select((body, by) => Frame(body, Headers[0], Math.Max(0, body.Length + by)));

    private static readonly Gen<byte[]> CutFrames = Gen.Select(Frames, Gen.Int[0, 100])
        .Select((frame, percent) => frame[..(frame.Length * percent / 100)]);

    private static readonly Gen<byte[]> FramesOfBytes = Gen.Byte.Array[0, 100].Select(body => Frame(body, Headers[0], body.Length));

    /// <summary>What is sent at once.</summary>
    public static Gen<byte[]> Bytes { get; } =
        Gen.Frequency(
            (60, Frames),
            (10, LyingFrames),
            (8, CutFrames),
            (8, Gen.OneOf(BrokenHeaders).Select(Encoding.ASCII.GetBytes)),
            (7, Gen.Byte.Array[0, 200]),
            (7, FramesOfBytes)
        );

    private static byte[] Frame(byte[] body, string header, int length) =>
        [.. Encoding.ASCII.GetBytes(string.Format(CultureInfo.InvariantCulture, header, length)), .. body];
}
