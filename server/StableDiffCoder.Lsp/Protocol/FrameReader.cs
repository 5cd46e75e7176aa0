using System.Buffers;
using System.IO.Pipelines;
using System.Text;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary>What <see cref="FrameReader.ReadAsync"/> found next.</summary>
internal enum FrameKind
{
    /// <summary>A body of the announced length.</summary>
    Body,

    /// <summary>Bytes that are no header; the reader goes on at the next one.</summary>
    Broken,

    /// <summary>The stream ended.</summary>
    End,
}

/// <summary>One frame of the stream.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Body">The body, empty unless <see cref="FrameKind.Body"/>.</param>
/// <param name="Problem">What is broken, for the answer; empty unless <see cref="FrameKind.Broken"/>.</param>
internal readonly record struct Frame(FrameKind Kind, byte[] Body, string Problem);

/// <summary>
/// Cuts a byte stream into bodies by their <c>Content-Length</c> header
/// (<see href="https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#headerPart">spec</see>) and
/// survives everything: after a broken header it looks for the next <c>Content-Length:</c>, so one bad frame costs itself only.
/// </summary>
internal sealed class FrameReader(PipeReader reader)
{
    /// <summary>The longest body that is read, in bytes.</summary>
    public const int MaxBodyLength = 64 * 1024 * 1024;

    /// <summary>The longest header line that is read, in bytes.</summary>
    public const int MaxHeaderLine = 4096;

    private const int MaxHeaderLines = 32;
    private static readonly byte[] HeaderName = "content-length:"u8.ToArray();
    private readonly LostChange skipped = new();
    private bool lost;

    /// <summary>Whether a change of a document was among the bytes skipped since the last call.</summary>
    public bool TakeLostChange() => skipped.Take();

    /// <summary>Reads on to the next body, break or end.</summary>
    public async ValueTask<Frame> ReadAsync(CancellationToken cancellationToken)
    {
        if (lost && !await SkipToHeaderAsync(cancellationToken))
        {
            return new Frame(FrameKind.End, [], "");
        }
        lost = false;
        int? length = null;
        for (int i = 0; i < MaxHeaderLines; i++)
        {
            (string? line, bool ended) = await ReadLineAsync(cancellationToken);
            if (ended)
            {
                return new Frame(FrameKind.End, [], "");
            }
            if (line is null)
            {
                return Broken($"bytes that are no header stand before one, or a header line is longer than {MaxHeaderLine} bytes");
            }
            if (line.Length == 0)
            {
                return length is int known ? await ReadBodyAsync(known, cancellationToken) : Broken("a header has no Content-Length");
            }
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0)
            {
                return Broken("a header line has no colon");
            }
            if (line.AsSpan(0, colon).Trim().Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                if (!int.TryParse(line.AsSpan(colon + 1), out int value) || value is < 0 or > MaxBodyLength)
                {
                    return Broken($"a Content-Length is not a number from 0 to {MaxBodyLength}");
                }
                length = value;
            }
        }
        return Broken($"a header has more than {MaxHeaderLines} lines");
    }

    private Frame Broken(string problem)
    {
        lost = true;
        return new Frame(FrameKind.Broken, [], problem);
    }

    private async ValueTask<Frame> ReadBodyAsync(int length, CancellationToken cancellationToken)
    {
        if (length == 0)
        {
            return new Frame(FrameKind.Body, [], "");
        }
        ReadResult result = await reader.ReadAtLeastAsync(length, cancellationToken);
        if (result.Buffer.Length < length)
        {
            reader.AdvanceTo(result.Buffer.End);
            return new Frame(FrameKind.End, [], "");
        }
        ReadOnlySequence<byte> body = result.Buffer.Slice(0, length);
        byte[] bytes = body.ToArray();
        reader.AdvanceTo(body.End);
        return new Frame(FrameKind.Body, bytes, "");
    }

    /// <summary>One header line without its break. A null line was none: its bytes are consumed, up to a header that stands in it.</summary>
    private async ValueTask<(string? Line, bool Ended)> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> buffer = result.Buffer;
            SequencePosition? feed = buffer.PositionOf((byte)'\n');
            long length = feed is SequencePosition at ? buffer.Slice(0, at).Length : buffer.Length;
            if (length > MaxHeaderLine)
            {
                // What may follow on the same line is not thrown away: a header can stand right behind garbage.
                SequencePosition kept = buffer.GetPosition(MaxHeaderLine - HeaderName.Length);
                skipped.Skip(buffer.Slice(0, kept).ToArray());
                reader.AdvanceTo(kept);
                return (null, false);
            }
            if (feed is SequencePosition end)
            {
                byte[] line = buffer.Slice(0, end).ToArray();
                // Behind the rest of a body whose announced length was too small, or the end of a frame that a too large one cut.
                int header = IndexOfHeader(line);
                skipped.Skip(line);
                reader.AdvanceTo(header > 0 ? buffer.GetPosition(header) : buffer.GetPosition(1, end));
                return (header > 0 ? null : Encoding.Latin1.GetString(line).TrimEnd('\r'), false);
            }
            reader.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
            {
                return (null, true);
            }
        }
    }

    /// <summary>Drops bytes until a header's name stands at the front.</summary>
    /// <returns>False when the stream ended.</returns>
    private async ValueTask<bool> SkipToHeaderAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken);
            byte[] bytes = result.Buffer.ToArray();
            int found = IndexOfHeader(bytes);
            // The tail may hold the first bytes of a name.
            int consumed = found >= 0 ? found : Math.Max(0, bytes.Length - HeaderName.Length + 1);
            SequencePosition position = result.Buffer.GetPosition(consumed);
            skipped.Skip(bytes.AsSpan(0, consumed));
            if (found >= 0)
            {
                reader.AdvanceTo(position);
                return true;
            }
            reader.AdvanceTo(position, result.Buffer.End);
            if (result.IsCompleted)
            {
                return false;
            }
        }
    }

    private static int IndexOfHeader(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i + HeaderName.Length <= bytes.Length; i++)
        {
            int candidate = bytes[i..].IndexOfAny((byte)'c', (byte)'C');
            if (candidate < 0)
            {
                return -1;
            }
            i += candidate;
            if (i + HeaderName.Length <= bytes.Length && Ascii.EqualsIgnoreCase(bytes.Slice(i, HeaderName.Length), HeaderName))
            {
                return i;
            }
        }
        return -1;
    }
}
