using System.Text;
using CsCheck;
using StableDiffCoder.Engine.Tests.Reference;
using StableDiffCoder.Engine.Weights;
using TorchSharp;

namespace StableDiffCoder.Engine.Tests.Weights;

public sealed class SafetensorsFuzzTests
{
    private static readonly byte[] Valid = SafetensorsBytes.Of(
        Encoding.UTF8.GetBytes(
            """{"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"BF16","shape":[4],"data_offsets":[24,32]}}"""
        ),
        new byte[32]
    );

    private static readonly string[] Splices =
    [
        "",
        "-",
        "9",
        "9223372036854775807",
        "18446744073709551615",
        "[",
        "{",
        "\"",
        ",",
        "\\ud800",
        "w",
        "BF16",
        "I64",
        "e9",
        "\0",
    ];

    /// <summary>Bytes overwritten, anywhere.</summary>
    private static readonly Gen<byte[]> Overwritten =
        from changes in Gen.Select(Gen.Int[0, Valid.Length - 1], Gen.Byte).Array[1, 6]
        select changes.Aggregate(
            (byte[])Valid.Clone(),
            (bytes, change) =>
            {
                bytes[change.Item1] = change.Item2;
                return bytes;
            }
        );

    /// <summary>A piece of the header replaced by something telling, the length put right, so that parsing gets further.</summary>
    private static readonly Gen<byte[]> Spliced =
        from start in Gen.Int[8, Valid.Length - 33]
        from removed in Gen.Int[0, 6]
        from choice in Gen.Int[0, Splices.Length - 1]
        let end = Math.Min(start + removed, Valid.Length - 32)
        select SafetensorsBytes.Of([.. Valid[8..start], .. Encoding.UTF8.GetBytes(Splices[choice]), .. Valid[end..^32]], new byte[32]);

    private static readonly Gen<byte[]> Cut = from length in Gen.Int[0, Valid.Length - 1] select Valid[..length];

    [Fact]
    public void Open_MutatedFile_LoadsOrIsRefused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.safetensors");
        (int loaded, int refused) = (0, 0);
        Gen.Frequency((4, Overwritten), (5, Spliced), (1, Cut))
            .Sample(
                bytes =>
                {
                    File.WriteAllBytes(path, bytes);
                    try
                    {
                        using SafetensorsFile file = SafetensorsFile.Open(path);
                        foreach (SafetensorsEntry entry in file.Header.Entries.Values)
                        {
                            Assert.InRange(entry.Offset + entry.ByteLength, 8, bytes.Length);
                            Touch(file, entry);
                        }
                        loaded++;
                    }
                    catch (ModelLoadException)
                    {
                        refused++;
                    }
                },
                iter: 6000,
                threads: 1
            );
        // Both happen often, so that neither side is vacuous.
        Assert.True(loaded > 50 && refused > 1000, $"{loaded} loaded, {refused} refused");
    }

    private static void Touch(SafetensorsFile file, SafetensorsEntry entry)
    {
        ReadOnlySpan<byte> bytes = file.Bytes(entry, 0, (int)entry.ByteLength);
        Assert.Equal(entry.ByteLength, bytes.ToArray().Length);
        if (entry.ElementType.ScalarType is not null)
        {
            using torch.Tensor tensor = file.Read(entry.Name);
            Assert.Equal(entry.Shape, tensor.shape);
        }
    }
}
