using System.Buffers.Binary;
using System.Text;

namespace StableDiffCoder.Engine.Tests.Reference;

/// <summary>Puts safetensors files together by hand, valid or not.</summary>
public static class SafetensorsBytes
{
    public static byte[] Of(string header, int dataLength, ulong? claimedLength = null) =>
        Of(Encoding.UTF8.GetBytes(header), new byte[dataLength], claimedLength);

    public static byte[] Of(byte[] header, byte[] data, ulong? claimedLength = null)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, claimedLength ?? (ulong)header.Length);
        return [.. prefix, .. header, .. data];
    }

    /// <summary>A valid file of these tensors.</summary>
    public static byte[] Of(IEnumerable<(string Name, long[] Shape, float[] Values)> tensors, StoredType type)
    {
        var header = new List<string>();
        var data = new List<byte>();
        foreach ((string name, long[] shape, float[] values) in tensors)
        {
            int begin = data.Count;
            data.AddRange(FloatEncoding.Encode(values, type));
            header.Add(
                $$"""
                "{{name}}":{"dtype":"{{type}}","shape":[{{string.Join(',', shape)}}],"data_offsets":[{{begin}},{{data.Count}}]}
                """
            );
        }
        return Of(Encoding.UTF8.GetBytes($"{{{string.Join(',', header)}}}"), [.. data]);
    }
}
