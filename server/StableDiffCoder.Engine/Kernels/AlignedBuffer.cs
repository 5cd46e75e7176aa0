using System.Runtime.InteropServices;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>Floats in native memory, aligned to a cache line, that stay where they are until <see cref="Reserve"/> asks for more.</summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    private const int CacheLine = 64;
    private long length;

    /// <summary>The first element; null before the first <see cref="Reserve"/>.</summary>
    public float* Start { get; private set; }

    /// <summary>Makes room; when there is too little, what was there is lost.</summary>
    /// <returns>The first element.</returns>
    public float* Reserve(long floats)
    {
        if (floats > length)
        {
            Dispose();
            Start = (float*)NativeMemory.AlignedAlloc((nuint)floats * sizeof(float), CacheLine);
            length = floats;
        }
        return Start;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(Start);
        Start = null;
        length = 0;
    }
}
