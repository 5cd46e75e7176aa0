using System.Collections.Concurrent;

namespace StableDiffCoder.Engine.Runtime;

/// <summary>
/// One thread that owns the device; the model is loaded on it too. Work runs one item after another, in the order it came: libtorch's thread
/// count, its OpenMP pool and its gradient mode belong to a thread, and a model may be used by one thread only.
/// </summary>
public sealed class InferenceWorker : IAsyncDisposable
{
    private readonly bool lowPriority;
    private readonly BlockingCollection<WorkItem> queue = [];
    private readonly CancellationTokenSource disposing = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Starts the thread.</summary>
    /// <param name="lowPriority">Whether it gives way to other programs' threads.</param>
    public InferenceWorker(bool lowPriority = false)
    {
        this.lowPriority = lowPriority;
        var thread = new Thread(Work) { Name = nameof(InferenceWorker), IsBackground = true };
        thread.Start();
    }

    /// <summary>Work that waits, without the item that is running.</summary>
    public int Waiting => queue.Count;

    /// <summary>Runs a function on the worker's thread.</summary>
    /// <param name="work">Gets a token that is cancelled by <paramref name="cancellationToken"/> and by disposal.</param>
    /// <param name="cancellationToken">Waiting work is dropped at once; running work has to look at its own token.</param>
    /// <param name="whileWaiting">Drops work that has not started, and is nothing to work that has.</param>
    /// <returns>What the function returned; its exception is passed on.</returns>
    /// <exception cref="ObjectDisposedException">The worker is disposed of.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or the worker was disposed of before the work was done.</exception>
    public Task<T> RunAsync<T>(
        Func<CancellationToken, T> work,
        CancellationToken cancellationToken,
        CancellationToken whileWaiting = default
    )
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }
        var item = new WorkItem<T>(work, cancellationToken, whileWaiting, disposing.Token);
        try
        {
            queue.Add(item, CancellationToken.None);
        }
        catch (InvalidOperationException) // completed, or disposed of
        {
            item.Abandon();
            throw new ObjectDisposedException(nameof(InferenceWorker));
        }
        return item.Task;
    }

    /// <summary>Refuses new work, cancels what waits and what runs, and ends when the thread has.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.CompleteAdding();
        await disposing.CancelAsync().ConfigureAwait(false);
        await ended.Task.ConfigureAwait(false);
        // The queue and the source are left to the collector: a late RunAsync or DisposeAsync may still look at them.
    }

    private void Work()
    {
        try
        {
            if (lowPriority)
            {
                ThreadPriorities.LowerCurrent();
            }
            foreach (WorkItem item in queue.GetConsumingEnumerable())
            {
                item.Run();
            }
        }
        finally
        {
            ended.SetResult();
        }
    }

    private abstract class WorkItem
    {
        public abstract void Run();
    }

    private sealed class WorkItem<T> : WorkItem
    {
        private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Func<CancellationToken, T> work;
        private readonly CancellationTokenSource cancellation;
        private readonly CancellationToken callersToken;
        private readonly CancellationTokenRegistration registration;
        private readonly CancellationTokenRegistration waitingRegistration;
        private int started;

        public WorkItem(
            Func<CancellationToken, T> work,
            CancellationToken callersToken,
            CancellationToken whileWaiting,
            CancellationToken disposing
        )
        {
            this.work = work;
            this.callersToken = callersToken;
            cancellation = CancellationTokenSource.CreateLinkedTokenSource(callersToken, disposing);
            registration = cancellation.Token.Register(CancelWaiting);
            waitingRegistration = whileWaiting.Register(CancelWaiting);
        }

        public Task<T> Task => completion.Task;

        public void Abandon()
        {
            registration.Dispose();
            waitingRegistration.Dispose();
            cancellation.Dispose();
        }

        public override void Run()
        {
            try
            {
                if (Interlocked.Exchange(ref started, 1) == 0)
                {
                    completion.SetResult(work(cancellation.Token));
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                Cancel();
            }
#pragma warning disable CA1031 // Every exception of the work goes back to the one who asked for it; the thread lives on.
            catch (Exception error)
#pragma warning restore CA1031
            {
                completion.SetException(error);
            }
            finally
            {
                Abandon();
            }
        }

        // Work that has not started is answered at once; the thread skips it later.
        private void CancelWaiting()
        {
            if (Interlocked.Exchange(ref started, 1) == 0)
            {
                Cancel();
            }
        }

        private void Cancel() =>
            completion.TrySetCanceled(callersToken.IsCancellationRequested ? callersToken : new CancellationToken(canceled: true));
    }
}
