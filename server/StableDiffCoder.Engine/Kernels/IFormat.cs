namespace StableDiffCoder.Engine.Kernels;

/// <summary>A weight format as vectors of one width read it: a block of columns at a time, as two vectors.</summary>
/// <typeparam name="TVector">A vector of float32.</typeparam>
internal unsafe interface IFormat<TVector>
    where TVector : struct
{
    /// <summary>Whether the two vectors are the block's even and odd columns; else its first and second half.</summary>
    public static abstract bool Interleaved { get; }

    /// <summary>A block of a row's columns, group scales included, row scales not.</summary>
    public static abstract void Load(byte* row, ushort* scales, nint block, out TVector first, out TVector second);
}
