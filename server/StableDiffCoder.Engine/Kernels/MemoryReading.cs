using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>How fast this machine reads memory: the floor under a forward of few tokens, which has to read every weight.</summary>
public sealed class MemoryReading : IDisposable
{
    // Far more than any cache holds.
    private const long Bytes = 512L << 20;
    private const int PieceBytes = 1 << 20;

    private readonly AlignedBuffer buffer = new();
    private readonly KernelThreads threads;
    private readonly ReadingWork work;

    /// <summary>Fills a buffer of half a GiB.</summary>
    /// <param name="threadCount">Threads that read.</param>
    public unsafe MemoryReading(int threadCount)
    {
        float* start = buffer.Reserve(Bytes / sizeof(float));
        // As the weights have them.
        HugePages.Request((nint)start, Bytes);
        for (long piece = 0; piece < Bytes; piece += PieceBytes)
        {
            new Span<byte>((byte*)start + piece, PieceBytes).Fill(1);
        }
        threads = new KernelThreads(threadCount);
        work = new ReadingWork((byte*)start, (int)(Bytes / PieceBytes));
    }

    /// <summary>Reads the buffer once.</summary>
    /// <returns>Bytes a second.</returns>
    public double Measure()
    {
        long start = Stopwatch.GetTimestamp();
        threads.Run(work);
        return Bytes / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        threads.Dispose();
        buffer.Dispose();
    }

    private sealed unsafe class ReadingWork : ParallelWork
    {
        private readonly byte* start;
        private readonly byte[] folded;

        public ReadingWork(byte* start, int pieces)
        {
            this.start = start;
            folded = new byte[pieces];
            Pieces = pieces;
        }

        // The result is kept, or nothing would have to be read.
        public override void Run(int piece) => folded[piece] = Fold(start + ((long)piece * PieceBytes));

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static byte Fold(byte* from)
        {
            Vector512<byte> a = Vector512<byte>.Zero;
            Vector512<byte> b = a;
            Vector512<byte> c = a;
            Vector512<byte> d = a;
            for (nint i = 0; i < PieceBytes; i += 256)
            {
                a ^= Vector512.Load(from + i);
                b ^= Vector512.Load(from + i + 64);
                c ^= Vector512.Load(from + i + 128);
                d ^= Vector512.Load(from + i + 192);
            }
            return Vector512.Sum(a ^ b ^ c ^ d);
        }
    }
}
