using System.IO.Pipelines;
using System.Text;
using CsCheck;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Tests.Protocol;

public sealed class FrameReaderTests
{
    /// <summary>Pieces that a broken client or a hostile one may write between two frames.</summary>
    private static readonly Gen<string> Noise = Gen.OneOf(
            "\r\n",
            "\n",
            "garbage",
            "Content-Length",
            "Content-Length: \r\n\r\n",
            "Content-Length: x\r\n\r\n",
            "Content-Type: y\r\n\r\n",
            "content-length: -5\r\n",
            "a: b\r\n",
            "{\"jsonrpc\":\"2.0\"}",
            "\0\0\0",
            "é"
        )
        .Array[1, 8]
        .Select(string.Concat);

    private static readonly Gen<string> Bodies = Gen.String[Gen.Char['a', 'z'], 1, 40];

    [Fact]
    public void Read_NoiseBetweenFrames_LosesNoFrame() =>
        Gen.Select(Gen.Select(Noise, Bodies).Array[1, 6], Gen.Int[1, 64])
            .Sample(
                (parts, chunk) =>
                {
                    // The line break keeps a half header at the noise's end from becoming part of the frame's own.
                    string stream = string.Concat(
                        parts.Select(part => $"{part.Item1}\r\nContent-Length: {part.Item2.Length}\r\n\r\n{part.Item2}")
                    );
                    Assert.Equal(parts.Select(part => part.Item2), ReadAll(Encoding.UTF8.GetBytes(stream), chunk));
                },
                iter: 3000
            );

    [Fact]
    public void Read_RandomBytes_EndsAtTheEnd() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[1, 64]).Sample((bytes, chunk) => ReadAll(bytes, chunk).Count >= 0, iter: 3000);

    [Fact]
    public void Read_HeaderBehindTheRestOfABody_IsFound() =>
        Assert.Equal(["ab", "cd"], ReadAll("Content-Length: 2\r\n\r\nab and moreContent-Length: 2\r\n\r\ncd"u8.ToArray(), 5));

    [Fact]
    public void Read_StreamEndsInABody_IsTheEnd() => Assert.Empty(ReadAll("Content-Length: 9\r\n\r\nabc"u8.ToArray(), 100));

    private static List<string> ReadAll(byte[] bytes, int chunk)
    {
        var reader = new FrameReader(PipeReader.Create(new ChunkedStream(bytes, chunk)));
        var bodies = new List<string>();
        while (true)
        {
            // The stream below never waits, so neither does the reader.
            Task<Frame> next = reader.ReadAsync(CancellationToken.None).AsTask();
            Assert.True(next.IsCompletedSuccessfully, next.Exception?.ToString());
            Frame frame = next.Result;
            if (frame.Kind == FrameKind.End)
            {
                return bodies;
            }
            if (frame.Kind == FrameKind.Body)
            {
                bodies.Add(Encoding.UTF8.GetString(frame.Body));
            }
        }
    }

    /// <summary>Gives a few bytes at a time, as a pipe may.</summary>
    private sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(chunk, buffer.Length)], cancellationToken);
    }
}
