using System.Text;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.Infilling;

/// <summary>A text file that is read, and written back with its byte order mark, encoding and line ends.</summary>
internal sealed class SourceFile
{
    private static readonly Encoding[] Marked =
    [
        new UTF8Encoding(true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: false, byteOrderMark: true, throwOnInvalidBytes: true),
        new UnicodeEncoding(bigEndian: true, byteOrderMark: true, throwOnInvalidBytes: true),
    ];

    private readonly byte[] bytes;
    private readonly Encoding encoding;

    private SourceFile(string path, byte[] bytes)
    {
        Path = path;
        this.bytes = bytes;
        encoding = Marked.FirstOrDefault(candidate => bytes.AsSpan().StartsWith(candidate.Preamble)) ?? new UTF8Encoding(false, true);
        Text = encoding.GetString(bytes.AsSpan(encoding.Preamble.Length));
        Lines = new LineMap(Text);
    }

    /// <summary>As the user wrote it.</summary>
    public string Path { get; }

    /// <summary>Its text, without a byte order mark.</summary>
    public string Text { get; }

    /// <summary>Where its lines are.</summary>
    public LineMap Lines { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidInputException">It cannot be read or is not text.</exception>
    public static SourceFile Read(string path)
    {
        try
        {
            return new SourceFile(path, File.ReadAllBytes(path));
        }
        catch (DecoderFallbackException error)
        {
            throw new InvalidInputException($"{path} is not UTF-8 (byte {error.Index}: {error.Message}); convert it first.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new InvalidInputException($"{path} cannot be read: {FileFaults.Reason(path, error)} Give a text file.", error);
        }
    }

    /// <summary>A fill with the line ends of this file, so that an edit does not mix them.</summary>
    public string WithLineEndsOfFile(string fill)
    {
        int end = Text.IndexOf('\n', StringComparison.Ordinal);
        bool windows = end > 0 && Text[end - 1] == '\r';
        return windows ? fill.Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n", "\r\n", StringComparison.Ordinal) : fill;
    }

    /// <summary>The text with spans replaced.</summary>
    /// <param name="fills">In document order, not overlapping.</param>
    public string Replace(IEnumerable<(TextSpan Span, string Text)> fills)
    {
        var result = new StringBuilder();
        int end = 0;
        foreach ((TextSpan span, string text) in fills)
        {
            result.Append(Text, end, span.Start - end).Append(text);
            end = span.End;
        }
        return result.Append(Text, end, Text.Length - end).ToString();
    }

    /// <summary>Writes a new text: whole or not at all, by a temporary file beside it that takes its place.</summary>
    /// <exception cref="IOException">It cannot be written, or somebody else wrote to it since it was read.</exception>
    public void Write(string text)
    {
        // Through a link, its target is what is replaced.
        string target = File.ResolveLinkTarget(Path, returnFinalTarget: true)?.FullName ?? System.IO.Path.GetFullPath(Path);
        if (!File.ReadAllBytes(target).AsSpan().SequenceEqual(bytes))
        {
            throw new IOException($"{Path} was changed while the model ran; nothing was written. Run the command again.");
        }
        string temporary = $"{target}.{System.IO.Path.GetRandomFileName()}.tmp";
        try
        {
            File.WriteAllBytes(temporary, [.. encoding.Preamble, .. encoding.GetBytes(text)]);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(target));
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            File.Delete(temporary);
            throw new IOException($"{Path} cannot be written: {error.Message}", error);
        }
    }
}
