using System.Diagnostics;

namespace StableDiffCoder.Engine.Kernels;

/// <summary>Work that is done in numbered pieces, in any order, on several threads.</summary>
internal abstract class ParallelWork
{
    /// <summary>Number of pieces; set before the work is given to <see cref="KernelThreads.Run"/>.</summary>
    public int Pieces { get; protected set; }

    /// <summary>Does one piece.</summary>
    public abstract void Run(int piece);
}

/// <summary>
/// A few threads that share the pieces of one product after another. A forward has hundreds of them, some of microseconds, so the threads wait
/// for the next by spinning a little before they sleep. Each thread takes the next free piece: one that is held up by others delays its piece only.
/// </summary>
internal sealed class KernelThreads : IDisposable
{
    // Covers what stands between two products, and what a sampler does between two forwards of a small model.
    private static readonly long SpinTicks = Stopwatch.Frequency / 5000;

    private const int Closed = int.MaxValue;

    private readonly Thread[] workers;
    private readonly SemaphoreSlim wake = new(0);
    private volatile ParallelWork? current;
    private volatile bool disposed;
    private volatile Exception? failure;
    private long ticket = Closed; // upper half: which work; lower half: its next free piece, or Closed between works
    private int unfinished;
    private int sleeping;

    /// <summary>Starts the threads.</summary>
    /// <param name="count">Threads that work, the caller's included.</param>
    public KernelThreads(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        workers = new Thread[count - 1];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = new Thread(Work) { Name = nameof(KernelThreads), IsBackground = true };
            workers[i].Start();
        }
    }

    /// <summary>Threads that work, the caller's included.</summary>
    public int Count => workers.Length + 1;

    /// <summary>Does all pieces and returns when they are done. One caller at a time.</summary>
    public void Run(ParallelWork work)
    {
        if (workers.Length == 0 || work.Pieces == 1)
        {
            for (int piece = 0; piece < work.Pieces; piece++)
            {
                work.Run(piece);
            }
            return;
        }
        current = work;
        Volatile.Write(ref unfinished, work.Pieces);
        long number = (ticket >> 32) + 1;
        Interlocked.Exchange(ref ticket, number << 32);
        int asleep = Interlocked.Exchange(ref sleeping, 0);
        if (asleep > 0)
        {
            wake.Release(asleep);
        }
        while (TryRunPiece()) { }
        var wait = new SpinWait();
        while (Volatile.Read(ref unfinished) > 0)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
        // The caller may now change the work for its next use: no thread may take a piece by what it read of this one.
        Interlocked.Exchange(ref ticket, (number << 32) | Closed);
        if (failure is Exception error)
        {
            failure = null;
            throw new InvalidOperationException($"A piece of work failed: {error.Message}", error);
        }
    }

    private bool HasPiece => current is ParallelWork work && (int)Volatile.Read(ref ticket) < work.Pieces;

    private bool TryRunPiece()
    {
        while (true)
        {
            long seen = Volatile.Read(ref ticket);
            // If the ticket is still the same below, this is the work it belongs to: neither changes before the last piece is done.
            ParallelWork? work = current;
            int piece = (int)seen;
            if (work is null || piece >= work.Pieces)
            {
                return false;
            }
            if (Interlocked.CompareExchange(ref ticket, seen + 1, seen) != seen)
            {
                continue;
            }
            try
            {
                work.Run(piece);
            }
#pragma warning disable CA1031 // It goes to the caller's thread.
            catch (Exception error)
#pragma warning restore CA1031
            {
                failure = error;
            }
            finally
            {
                Interlocked.Decrement(ref unfinished);
            }
            return true;
        }
    }

    private void Work()
    {
        long idleSince = Stopwatch.GetTimestamp();
        while (!disposed)
        {
            if (TryRunPiece())
            {
                idleSince = Stopwatch.GetTimestamp();
            }
            else if (Stopwatch.GetTimestamp() - idleSince < SpinTicks)
            {
                Thread.SpinWait(30);
            }
            else
            {
                Interlocked.Increment(ref sleeping);
                // Work that came in between has perhaps not seen that this thread sleeps.
                if (!HasPiece && !disposed)
                {
                    wake.Wait();
                }
                idleSince = Stopwatch.GetTimestamp();
            }
        }
    }

    /// <summary>Ends the threads; no work may be running.</summary>
    public void Dispose()
    {
        if (disposed)
        {
            return;
        }
        disposed = true;
        wake.Release(Math.Max(1, workers.Length));
        foreach (Thread worker in workers)
        {
            worker.Join();
        }
        wake.Dispose();
    }
}
