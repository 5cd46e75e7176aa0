using StableDiffCoder.Engine.Runtime;

namespace StableDiffCoder.Engine.Tests.Runtime;

public sealed class InferenceWorkerTests
{
    [Fact]
    public async Task RunAsync_ManyItems_RunInOrderOnOneThread()
    {
        await using var worker = new InferenceWorker();
        var order = new List<int>(); // touched by the worker's thread only
        Task<int>[] tasks =
        [
            .. Enumerable
                .Range(0, 50)
                .Select(i =>
                    worker.RunAsync(
                        _ =>
                        {
                            order.Add(i);
                            return Environment.CurrentManagedThreadId;
                        },
                        CancellationToken.None
                    )
                ),
        ];
        int[] threads = await Task.WhenAll(tasks);
        Assert.Single(threads.Distinct());
        Assert.Equal(Enumerable.Range(0, 50), order);
    }

    [Fact]
    public async Task RunAsync_WorkThrows_ExceptionTravelsAndTheThreadLivesOn()
    {
        await using var worker = new InferenceWorker();
        Task<int> failing = worker.RunAsync<int>(_ => throw new InvalidDataException("broken"), CancellationToken.None);
        Assert.Equal("broken", (await Assert.ThrowsAsync<InvalidDataException>(() => failing)).Message);
        Assert.Equal(7, await worker.RunAsync(_ => 7, CancellationToken.None));
    }

    [Fact]
    public async Task RunAsync_CancelledWhileWaiting_IsAnsweredBeforeTheRunningItemEnds()
    {
        await using var worker = new InferenceWorker();
        using var release = new ManualResetEventSlim();
        using var cancellation = new CancellationTokenSource();
        Task<int> running = worker.RunAsync(
            token =>
            {
                release.Wait(token);
                return 1;
            },
            CancellationToken.None
        );
        bool ran = false;
        Task<int> waiting = worker.RunAsync(
            _ =>
            {
                ran = true;
                return 2;
            },
            cancellation.Token
        );
        await cancellation.CancelAsync();
        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        Assert.False(running.IsCompleted);
        release.Set();
        Assert.Equal(1, await running);
        Assert.Equal(3, await worker.RunAsync(_ => 3, CancellationToken.None));
        Assert.False(ran);
    }

    [Fact]
    public async Task RunAsync_CancelledWhileRunning_WorkSeesItsToken()
    {
        await using var worker = new InferenceWorker();
        using var cancellation = new CancellationTokenSource();
        var started = new TaskCompletionSource();
        Task<int> running = worker.RunAsync(
            token =>
            {
                started.SetResult();
                token.WaitHandle.WaitOne();
                token.ThrowIfCancellationRequested();
                return 1;
            },
            cancellation.Token
        );
        await started.Task;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.True(running.IsCanceled);
    }

    [Fact]
    public async Task DisposeAsync_WithWorkRunningAndWaiting_CancelsBothAndRefusesMore()
    {
        var worker = new InferenceWorker();
        var started = new TaskCompletionSource();
        Task<int> running = worker.RunAsync(
            token =>
            {
                started.SetResult();
                token.WaitHandle.WaitOne();
                token.ThrowIfCancellationRequested();
                return 1;
            },
            CancellationToken.None
        );
        Task<int> waiting = worker.RunAsync(_ => 2, CancellationToken.None);
        await started.Task;
        await worker.DisposeAsync();
        Assert.True(running.IsCanceled);
        Assert.True(waiting.IsCanceled);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => worker.RunAsync(_ => 3, CancellationToken.None));
        await worker.DisposeAsync();
    }
}
