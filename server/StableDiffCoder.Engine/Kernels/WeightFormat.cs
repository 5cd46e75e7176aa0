namespace StableDiffCoder.Engine.Kernels;

#pragma warning disable CA1720 // Float32 and Int8 are what the formats are called.
/// <summary>How the elements of a weight matrix are stored. Rows lie behind each other without gaps.</summary>
public enum WeightFormat
{
    /// <summary>4 bytes an element.</summary>
    Float32,

    /// <summary>The upper 2 bytes of a float32.</summary>
    BFloat16,

    /// <summary>A signed byte an element, −127 to 127; one float32 scale a row.</summary>
    Int8,

    /// <summary>
    /// Groups of 32 columns in 16 bytes: byte i holds column i in its low half and column i + 16 in its high half, each as value + 8 with
    /// values −8 to 7. One bfloat16 scale a group. The number of columns is a multiple of 32.
    /// </summary>
    Int4,
}
#pragma warning restore CA1720
