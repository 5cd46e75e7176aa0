using System.Threading.Channels;

namespace StableDiffCoder.Lsp.Requests;

/// <summary>What a request does to the state that all requests share.</summary>
internal enum RequestKind
{
    /// <summary>Reads it: takes a snapshot when its turn comes, and then runs beside everything else.</summary>
    Reading,

    /// <summary>Changes it: runs alone, and what came later starts only when it is done.</summary>
    Mutating,
}

/// <summary>
/// Starts requests in the order of their arrival. A reader's part up to its first await runs in its turn (it takes its snapshot there), so it
/// sees every change that was sent before it and none that was sent after.
/// </summary>
internal sealed class RequestQueue : IAsyncDisposable
{
    private readonly Channel<Func<Task>> turns = Channel.CreateUnbounded<Func<Task>>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task loop;

    /// <summary>Creates a queue and starts serving it.</summary>
    public RequestQueue()
    {
        loop = Task.Run(ServeAsync);
    }

    /// <summary>Queues a request.</summary>
    /// <param name="kind">Whether it changes shared state.</param>
    /// <param name="request">The work; called in its turn.</param>
    /// <param name="cancellationToken">A request that is cancelled before its turn never runs.</param>
    /// <returns>The request's own outcome.</returns>
    public Task<T> EnqueueAsync<T>(RequestKind kind, Func<CancellationToken, Task<T>> request, CancellationToken cancellationToken)
    {
        var outcome = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task TurnAsync()
        {
            Task running = RunAsync(request, outcome, cancellationToken);
            return kind == RequestKind.Mutating ? running : Task.CompletedTask;
        }
        if (!turns.Writer.TryWrite(TurnAsync))
        {
            outcome.TrySetCanceled(cancellationToken);
        }
        return outcome.Task;
    }

    /// <summary>Takes no more requests and waits for the started mutating one.</summary>
    public async ValueTask DisposeAsync()
    {
        turns.Writer.TryComplete();
        await loop;
    }

    private static async Task RunAsync<T>(
        Func<CancellationToken, Task<T>> request,
        TaskCompletionSource<T> outcome,
        CancellationToken cancellationToken
    )
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            outcome.TrySetResult(await request(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            outcome.TrySetCanceled(cancellationToken);
        }
        catch (Exception exception)
        {
            // Not swallowed: the caller awaits it. The queue itself must live on.
            outcome.TrySetException(exception);
        }
    }

    private async Task ServeAsync()
    {
        await foreach (Func<Task> turn in turns.Reader.ReadAllAsync())
        {
            await turn();
        }
    }
}
