namespace StableDiffCoder.Engine.Weights;

/// <summary>One tensor of a safetensors file.</summary>
/// <param name="Name">Name in the checkpoint.</param>
/// <param name="ElementType">Stored element type.</param>
/// <param name="Shape">Dimensions, none negative; empty for a scalar.</param>
/// <param name="Offset">First byte, counted from the start of the file.</param>
/// <param name="ByteLength">Bytes, equal to shape times element size.</param>
public sealed record SafetensorsEntry(
    string Name,
    SafetensorsElementType ElementType,
    IReadOnlyList<long> Shape,
    long Offset,
    long ByteLength
);
