using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace StableDiffCoder.Training.Corpus;

/// <summary>Chance that depends on a seed and a name alone, so that a choice for one file never depends on which other files there are.</summary>
internal static class SeededHash
{
    /// <summary>A number in [0, 1) for a purpose and a key.</summary>
    public static double Unit(int seed, string purpose, string key) => (Of(seed, purpose, key) >> 11) * (1.0 / (1UL << 53));

    /// <summary>64 bits for a purpose and a key, the same on every machine.</summary>
    public static ulong Of(int seed, string purpose, string key)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{purpose}\n{key}"), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
