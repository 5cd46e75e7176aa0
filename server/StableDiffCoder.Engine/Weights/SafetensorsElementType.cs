using TorchSharp;

namespace StableDiffCoder.Engine.Weights;

/// <summary>An element type of the safetensors format (its <c>dtype</c> field).</summary>
/// <param name="Name">Name in the file, such as <c>BF16</c>.</param>
/// <param name="Bits">Bits an element; some types are narrower than a byte.</param>
/// <param name="ScalarType">The torch type of a weight; null for types that this engine does not read weights from.</param>
public sealed record SafetensorsElementType(string Name, int Bits, torch.ScalarType? ScalarType)
{
    private static readonly Dictionary<string, SafetensorsElementType> Known = new SafetensorsElementType[]
    {
        new("F32", 32, torch.ScalarType.Float32),
        new("F16", 16, torch.ScalarType.Float16),
        new("BF16", 16, torch.ScalarType.BFloat16),
        // Valid in a file, refused as weights.
        new("F64", 64, null),
        new("C64", 64, null),
        new("I64", 64, null),
        new("U64", 64, null),
        new("I32", 32, null),
        new("U32", 32, null),
        new("I16", 16, null),
        new("U16", 16, null),
        new("I8", 8, null),
        new("U8", 8, null),
        new("BOOL", 8, null),
        new("F8_E4M3", 8, null),
        new("F8_E5M2", 8, null),
        new("F8_E8M0", 8, null),
        new("F6_E2M3", 6, null),
        new("F6_E3M2", 6, null),
        new("F4", 4, null),
    }.ToDictionary(type => type.Name, StringComparer.Ordinal);

    /// <summary>The type of this name, or null when the format has none.</summary>
    public static SafetensorsElementType? Find(string name) => Known.GetValueOrDefault(name);

    /// <summary>The type that stores tensors of <paramref name="type"/>, or null when tensors are not written in it.</summary>
    public static SafetensorsElementType? Of(torch.ScalarType type) =>
        type switch
        {
            // Codes of quantized weights.
            torch.ScalarType.Int8 => Known["I8"],
            torch.ScalarType.Byte => Known["U8"],
            _ => Known.Values.FirstOrDefault(known => known.ScalarType == type),
        };
}
