using System.Buffers.Binary;

namespace StableDiffCoder.Engine.Tests.Reference;

/// <summary>How the values of a checkpoint are stored.</summary>
public enum StoredType
{
    F32,
    F16,
    BF16,
}

/// <summary>Rounds values to a stored type and writes their bytes, without torch.</summary>
public static class FloatEncoding
{
    public static int Size(StoredType type) => type == StoredType.F32 ? 4 : 2;

    public static string ConfigName(StoredType type) =>
        type switch
        {
            StoredType.F32 => "float32",
            StoredType.F16 => "float16",
            _ => "bfloat16",
        };

    /// <summary>The nearest value that the type holds, ties to even.</summary>
    public static float Round(float value, StoredType type) =>
        type switch
        {
            StoredType.F32 => value,
            StoredType.F16 => (float)(Half)value,
            _ => BitConverter.UInt32BitsToSingle((uint)BrainBits(value) << 16),
        };

    public static byte[] Encode(float[] values, StoredType type)
    {
        var bytes = new byte[values.Length * Size(type)];
        for (var i = 0; i < values.Length; i++)
        {
            Span<byte> at = bytes.AsSpan(i * Size(type));
            switch (type)
            {
                case StoredType.F32:
                    BinaryPrimitives.WriteSingleLittleEndian(at, values[i]);
                    break;
                case StoredType.F16:
                    BinaryPrimitives.WriteHalfLittleEndian(at, (Half)values[i]);
                    break;
                default:
                    BinaryPrimitives.WriteUInt16LittleEndian(at, BrainBits(values[i]));
                    break;
            }
        }
        return bytes;
    }

    private static ushort BrainBits(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
