using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace StableDiffCoder.Training.Tokens;

/// <summary>
/// Token ids of many documents in one file. Little-endian: the 8 bytes "SDCTOK01", the number of documents D as int64, the number of tokens
/// N as int64, D + 1 document starts as int64 (the last is N), N ids as uint16. Documents hold their text's ids and nothing else: bos, eos
/// and FIM tokens are the training loop's.
/// </summary>
public sealed class TokenShard
{
    private static readonly byte[] Magic = "SDCTOK01"u8.ToArray();

    private readonly ushort[] tokens;
    private readonly long[] starts;

    private TokenShard(ushort[] tokens, long[] starts) => (this.tokens, this.starts) = (tokens, starts);

    /// <summary>All ids, document after document.</summary>
    public ReadOnlySpan<ushort> Tokens => tokens;

    /// <summary>Number of documents.</summary>
    public int DocumentCount => starts.Length - 1;

    /// <summary>Where document i lies in <see cref="Tokens"/>.</summary>
    public Range Document(int i) => (int)starts[i]..(int)starts[i + 1];

    /// <summary>Index of the document that holds a token.</summary>
    public int DocumentOf(long token)
    {
        int found = Array.BinarySearch(starts, token);
        // Empty documents share a start: the one that holds the token is the last of them.
        found = found >= 0 ? found : ~found - 1;
        while (starts[found + 1] <= token)
        {
            found++;
        }
        return found;
    }

    /// <summary>Reads a shard into memory.</summary>
    /// <exception cref="InvalidDataException">Not a token shard, or cut short; the message says what is wrong.</exception>
    public static TokenShard Open(string path)
    {
        using FileStream file = File.OpenRead(path);
        Span<byte> header = stackalloc byte[24];
        Check(file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) == header.Length, path, "it is shorter than its header");
        Check(header[..8].SequenceEqual(Magic), path, "it does not begin with SDCTOK01");
        long documents = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
        long count = BinaryPrimitives.ReadInt64LittleEndian(header[16..]);
        Check(
            documents is >= 0 and < int.MaxValue && count is >= 0 and < int.MaxValue,
            path,
            $"it claims {documents} documents and {count} tokens"
        );
        long expected = header.Length + (8 * (documents + 1)) + (2 * count);
        Check(file.Length == expected, path, $"it has {file.Length} bytes where its header asks for {expected}");
        var starts = new long[documents + 1];
        file.ReadExactly(MemoryMarshal.AsBytes(starts.AsSpan()));
        Check(starts[0] == 0 && starts[^1] == count && IsAscending(starts), path, "its document starts are out of order");
        var tokens = new ushort[count];
        file.ReadExactly(MemoryMarshal.AsBytes(tokens.AsSpan()));
        return new TokenShard(tokens, starts);
    }

    /// <summary>Writes documents to a file, in the order given.</summary>
    public static void Write(string path, IReadOnlyList<ushort[]> documents)
    {
        var starts = new long[documents.Count + 1];
        for (int i = 0; i < documents.Count; i++)
        {
            starts[i + 1] = starts[i] + documents[i].Length;
        }
        using FileStream file = File.Create(path);
        Span<byte> header = stackalloc byte[24];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt64LittleEndian(header[8..], documents.Count);
        BinaryPrimitives.WriteInt64LittleEndian(header[16..], starts[^1]);
        file.Write(header);
        file.Write(MemoryMarshal.AsBytes<long>(starts));
        foreach (ushort[] document in documents)
        {
            file.Write(MemoryMarshal.AsBytes<ushort>(document));
        }
    }

    private static bool IsAscending(long[] starts)
    {
        for (int i = 0; i + 1 < starts.Length; i++)
        {
            if (starts[i] > starts[i + 1])
            {
                return false;
            }
        }
        return true;
    }

    private static void Check(bool condition, string path, string problem)
    {
        if (!condition)
        {
            throw new InvalidDataException($"{path} is not a token shard: {problem}; write the shards again");
        }
    }
}
