using System.Buffers;

namespace StableDiffCoder.Cli.JsonLines;

/// <summary>Reads lines of bytes as they arrive: a caller at the other end of a pipe may wait for an answer before the next line.</summary>
internal sealed class JsonLinesInput : IDisposable
{
    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    private readonly Stream stream;
    private readonly byte[] chunk = new byte[1 << 16];
    private int start;
    private int end;

    /// <param name="name">What messages call it.</param>
    /// <param name="stream">The bytes.</param>
    public JsonLinesInput(string name, Stream stream)
    {
        Name = name;
        this.stream = stream;
    }

    /// <summary>What messages call it: the file, or <c>(stdin)</c>.</summary>
    public string Name { get; }

    /// <summary>Number of the line read last, from 1.</summary>
    public int LineNumber { get; private set; }

    /// <summary>Opens a file, or standard input for <c>-</c>.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read.</exception>
    public static JsonLinesInput Open(string path, CommandConsole console)
    {
        if (path == "-")
        {
            return new JsonLinesInput("(stdin)", console.OpenInput());
        }
        try
        {
            return new JsonLinesInput(path, File.OpenRead(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InvalidInputException(
                $"{path} cannot be read: {FileFaults.Reason(path, error)} --jsonl takes a file, or - for standard input.",
                error
            );
        }
    }

    /// <summary>The next line without its end, or null behind the last one. A byte order mark at the very start is skipped.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReadLineAsync(CancellationToken cancellationToken)
    {
        var line = new ArrayBufferWriter<byte>();
        bool any = false;
        while (start < end || await FillAsync(cancellationToken))
        {
            any = true;
            ReadOnlySpan<byte> available = chunk.AsSpan(start, end - start);
            int newline = available.IndexOf((byte)'\n');
            line.Write(newline < 0 ? available : available[..newline]);
            start += newline < 0 ? available.Length : newline + 1;
            if (newline >= 0)
            {
                break;
            }
        }
        if (!any)
        {
            return null;
        }
        LineNumber++;
        bool marked = LineNumber == 1 && line.WrittenSpan.StartsWith(ByteOrderMark);
        return line.WrittenMemory[(marked ? ByteOrderMark.Length : 0)..];
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private async Task<bool> FillAsync(CancellationToken cancellationToken)
    {
        start = 0;
        // Reading a terminal or a pipe does not hear the token; waiting for it does.
        end = await stream.ReadAsync(chunk, cancellationToken).AsTask().WaitAsync(cancellationToken);
        return end > 0;
    }
}
