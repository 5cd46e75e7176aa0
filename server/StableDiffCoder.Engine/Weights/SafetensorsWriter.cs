using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;

namespace StableDiffCoder.Engine.Weights;

/// <summary>Writes safetensors files. The same tensors in the same order give the same bytes.</summary>
public static class SafetensorsWriter
{
    // Readers may then map elements of up to 8 bytes in place.
    private const int Alignment = 8;

    /// <summary>Writes a file: first beside it under a temporary name, then renamed, so that a reader never meets half a file.</summary>
    /// <param name="path">The file; replaced when it exists. Its folder must exist.</param>
    /// <param name="tensors">Names and tensors (float32, float16, bfloat16, int8 or uint8; any device), stored in this order.</param>
    /// <param name="metadata">Strings for <c>__metadata__</c>, such as <c>format</c> = <c>pt</c>.</param>
    /// <exception cref="ArgumentException">A name appears twice or is reserved, or a tensor has another element type.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(
        string path,
        IReadOnlyList<(string Name, torch.Tensor Tensor)> tensors,
        IReadOnlyDictionary<string, string>? metadata = null
    )
    {
        byte[] header = Header(tensors, metadata);
        string temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                stream.Write(header);
                foreach ((_, torch.Tensor tensor) in tensors)
                {
                    WriteData(stream, tensor);
                }
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static byte[] Header(IReadOnlyList<(string Name, torch.Tensor Tensor)> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            WriteEntries(json, tensors);
            json.WriteEndObject();
        }
        int padded = (buffer.WrittenCount + Alignment - 1) / Alignment * Alignment;
        if (padded > SafetensorsHeader.MaxByteLength)
        {
            throw new ArgumentException(
                $"The header would have {padded} bytes; the format allows {SafetensorsHeader.MaxByteLength}.",
                nameof(tensors)
            );
        }
        var header = new byte[sizeof(ulong) + padded];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)padded);
        buffer.WrittenSpan.CopyTo(header.AsSpan(sizeof(ulong)));
        header.AsSpan(sizeof(ulong) + buffer.WrittenCount).Fill((byte)' ');
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string>? metadata)
    {
        if (metadata is null || metadata.Count == 0)
        {
            return;
        }
        json.WriteStartObject("__metadata__");
        foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteString(key, value);
        }
        json.WriteEndObject();
    }

    private static void WriteEntries(Utf8JsonWriter json, IReadOnlyList<(string Name, torch.Tensor Tensor)> tensors)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { "__metadata__" };
        long offset = 0;
        foreach ((string name, torch.Tensor tensor) in tensors)
        {
            if (!names.Add(name))
            {
                throw new ArgumentException($"The name '{name}' appears twice or is reserved.", nameof(tensors));
            }
            SafetensorsElementType type =
                SafetensorsElementType.Of(tensor.dtype)
                ?? throw new ArgumentException(
                    $"'{name}' is {tensor.dtype}; float32, float16, bfloat16, int8 and uint8 are written.",
                    nameof(tensors)
                );
            long end = checked(offset + tensor.numel() * (type.Bits / 8));
            json.WriteStartObject(name);
            json.WriteString("dtype", type.Name);
            json.WriteStartArray("shape");
            foreach (long dimension in tensor.shape)
            {
                json.WriteNumberValue(dimension);
            }
            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(offset);
            json.WriteNumberValue(end);
            json.WriteEndArray();
            json.WriteEndObject();
            offset = end;
        }
    }

    private static void WriteData(FileStream stream, torch.Tensor tensor)
    {
        const long PieceElements = 8 << 20;
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        torch.Tensor flat = tensor.detach().cpu().contiguous().flatten();
        for (long start = 0; start < flat.numel(); start += PieceElements)
        {
            // A copy: a narrowed tensor's bytes are those of its own storage only when it starts there.
            using torch.Tensor piece = flat.narrow(0, start, Math.Min(PieceElements, flat.numel() - start)).clone();
            stream.Write(piece.bytes);
        }
    }
}
