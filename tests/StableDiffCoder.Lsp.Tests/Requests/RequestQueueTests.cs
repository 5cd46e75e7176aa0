using StableDiffCoder.Lsp.Requests;

namespace StableDiffCoder.Lsp.Tests.Requests;

public sealed class RequestQueueTests
{
    [Fact]
    public async Task Enqueue_ReadersAndWriters_ReadersSeeExactlyTheWritesBeforeThem()
    {
        await using var queue = new RequestQueue();
        int state = 0;
        var readers = new List<Task<int>>();
        for (int i = 0; i < 100; i++)
        {
            _ = queue.EnqueueAsync(
                RequestKind.Mutating,
                async _ =>
                {
                    int before = state;
                    await Task.Yield();
                    return state = before + 1;
                },
                default
            );
            readers.Add(
                queue.EnqueueAsync(
                    RequestKind.Reading,
                    async _ =>
                    {
                        int snapshot = state;
                        await Task.Yield();
                        return snapshot;
                    },
                    default
                )
            );
        }
        Assert.Equal(Enumerable.Range(1, 100), await Task.WhenAll(readers));
    }

    [Fact]
    public async Task Enqueue_SlowReader_HoldsNobodyUp()
    {
        await using var queue = new RequestQueue();
        var gate = new TaskCompletionSource<int>();
        Task<int> slow = queue.EnqueueAsync(RequestKind.Reading, _ => gate.Task, default);
        Assert.Equal(1, await queue.EnqueueAsync(RequestKind.Mutating, _ => Task.FromResult(1), default));
        Assert.Equal(2, await queue.EnqueueAsync(RequestKind.Reading, _ => Task.FromResult(2), default));
        Assert.False(slow.IsCompleted);
        gate.SetResult(3);
        Assert.Equal(3, await slow);
    }

    [Fact]
    public async Task Enqueue_RequestThrows_OnlyItsOwnCallerKnows()
    {
        await using var queue = new RequestQueue();
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            queue.EnqueueAsync<int>(RequestKind.Mutating, _ => throw new InvalidOperationException(), default)
        );
        Assert.Equal(1, await queue.EnqueueAsync(RequestKind.Reading, _ => Task.FromResult(1), default));
    }

    [Fact]
    public async Task Enqueue_CancelledBeforeItsTurn_NeverRuns()
    {
        await using var queue = new RequestQueue();
        var gate = new TaskCompletionSource<int>();
        Task<int> writer = queue.EnqueueAsync(RequestKind.Mutating, _ => gate.Task, default);
        using var cancellation = new CancellationTokenSource();
        bool ran = false;
        Task<bool> cancelled = queue.EnqueueAsync(RequestKind.Reading, _ => Task.FromResult(ran = true), cancellation.Token);
        await cancellation.CancelAsync();
        gate.SetResult(0);
        await writer;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.False(ran);
    }
}
