using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Hosting;

/// <summary>How far the model is.</summary>
internal enum ModelState
{
    /// <summary>It is being loaded, or will be as soon as it is known which.</summary>
    Loading,

    /// <summary>It answers.</summary>
    Ready,

    /// <summary>It cannot be loaded as it is; it is tried again when its files change.</summary>
    Failed,
}

/// <summary>
/// The engine, loaded beside the running session. Until it is there, and while it cannot be loaded, the server lives on without it. Another model
/// may be chosen at any time.
/// </summary>
internal sealed class BackgroundEngine(IModelSource source, LanguageServerOptions options, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Channel<ModelLoad> loads = Channel.CreateUnbounded<ModelLoad>();
    private readonly Lock gate = new();
    private ModelOptions? wanted;
    private CancellationTokenSource superseded = new();
    private TaskCompletionSource<IInfillEngine> loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task work = Task.CompletedTask;

    /// <summary>Told after each change of <see cref="State"/>; on any thread.</summary>
    public event Action? StateChanged;

    /// <summary>The loaded engine; null while there is none.</summary>
    public IInfillEngine? Ready => Volatile.Read(ref loaded).Task is { IsCompletedSuccessfully: true } task ? task.Result : null;

    /// <summary>How far it is.</summary>
    public ModelState State =>
        Volatile.Read(ref loaded).Task switch
        {
            { IsCompletedSuccessfully: true } => ModelState.Ready,
            { IsFaulted: true } => ModelState.Failed,
            _ => ModelState.Loading,
        };

    /// <summary>Why the model cannot be loaded; null unless <see cref="ModelState.Failed"/>.</summary>
    public string? Problem => Volatile.Read(ref loaded).Task.Exception?.InnerException?.Message;

    /// <summary>Every attempt to load a model.</summary>
    public ChannelReader<ModelLoad> Loads => loads.Reader;

    /// <summary>Loads a model, in place of the one that is loaded. Does nothing when that is the same.</summary>
    public void Choose(ModelOptions model)
    {
        lock (gate)
        {
            if (model == wanted || stop.IsCancellationRequested)
            {
                return;
            }
            bool isFirst = wanted is null;
            wanted = model;
            if (isFirst)
            {
                work = Task.Run(WorkAsync);
                return;
            }
            superseded.Cancel();
        }
    }

    /// <summary>Waits for the engine.</summary>
    /// <exception cref="LspException">It could not be loaded.</exception>
    public async Task<IInfillEngine> WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<IInfillEngine> attempt = Volatile.Read(ref loaded).Task;
            try
            {
                return await attempt.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
                when (!cancellationToken.IsCancellationRequested && attempt != Volatile.Read(ref loaded).Task)
            {
                // Another model was chosen meanwhile: that one is waited for.
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                throw new LspException(LspErrorCodes.RequestFailed, $"no model is loaded: {exception.Message}", exception);
            }
        }
    }

    /// <summary>Stops a load that is under way and unloads the model.</summary>
    public async ValueTask DisposeAsync()
    {
        Task working;
        lock (gate)
        {
            stop.Cancel();
            working = work;
        }
        // Native code must not run when the process tears its libraries down, but a load that hangs must not hold the process either.
        await Task.WhenAny(working, Task.Delay(options.EngineStopTime));
    }

    private async Task WorkAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            (ModelOptions model, CancellationToken given) = NextWanted();
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, given);
            ModelSighting seen = source.Look(model);
            IInfillEngine? engine = await LoadAsync(model, seen, either.Token);
            try
            {
                await (engine is null ? WaitForChangeAsync(model, seen, either.Token) : Task.Delay(Timeout.Infinite, either.Token));
            }
            catch (OperationCanceledException)
            {
                // Another model is wanted, or none any more.
            }
            Publish(new TaskCompletionSource<IInfillEngine>(TaskCreationOptions.RunContinuationsAsynchronously));
            if (engine is not null)
            {
                // The next one may need the memory.
                await engine.DisposeAsync();
            }
        }
        loads.Writer.TryComplete();
        Volatile.Read(ref loaded).TrySetCanceled();
    }

    private (ModelOptions Model, CancellationToken Superseded) NextWanted()
    {
        lock (gate)
        {
            if (superseded.IsCancellationRequested)
            {
                superseded = new CancellationTokenSource();
            }
            return (wanted!, superseded.Token);
        }
    }

    private async Task<IInfillEngine?> LoadAsync(ModelOptions model, ModelSighting seen, CancellationToken cancellationToken)
    {
        var load = new ModelLoad();
        loads.Writer.TryWrite(load);
        try
        {
            RequireMemory(model, seen);
            IInfillEngine engine = await source.LoadAsync(model, load, cancellationToken);
            EngineDescription description = engine.Description;
            Log.ModelReady(logger, description.Model, description.DataType, description.Device);
            Volatile.Read(ref loaded).TrySetResult(engine);
            load.End(null);
            StateChanged?.Invoke();
            return engine;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            load.End(null);
        }
        catch (Exception exception)
        {
            // Whatever is wrong with a model folder or the native libraries: the session goes on, and everyone who asks is told.
            Log.ModelFailed(logger, exception);
            Volatile.Read(ref loaded).TrySetException(exception);
            load.End(exception);
            StateChanged?.Invoke();
        }
        return null;
    }

    /// <summary>Waits until another attempt may end otherwise: the files changed and stay as they are, or there is memory now.</summary>
    private async Task WaitForChangeAsync(ModelOptions model, ModelSighting failed, CancellationToken cancellationToken)
    {
        bool lackedMemory = LacksMemory(model, failed, out _);
        ModelSighting last = failed;
        while (true)
        {
            await Task.Delay(options.ModelRetryTime, cancellationToken);
            ModelSighting now = source.Look(model);
            // Files that are still being copied would only fail again.
            if ((now.Fingerprint != failed.Fingerprint && now == last) || (lackedMemory && !LacksMemory(model, now, out _)))
            {
                return;
            }
            last = now;
        }
    }

    private static void RequireMemory(ModelOptions model, ModelSighting seen)
    {
        if (LacksMemory(model, seen, out long free))
        {
            throw new InsufficientMemoryException(
                $"the model needs {Gigabytes(seen.NeededBytes!.Value)} GB of memory, {Gigabytes(free)} are free; close something, choose a smaller "
                    + "model, or turn model.checkMemory off."
            );
        }
    }

    private static bool LacksMemory(ModelOptions model, ModelSighting seen, out long free)
    {
        free = AvailableMemory.Bytes();
        return model.CheckMemory && seen.NeededBytes > free;
    }

    private static string Gigabytes(long bytes) => (bytes / 1e9).ToString("0.#", System.Globalization.CultureInfo.InvariantCulture);

    private void Publish(TaskCompletionSource<IInfillEngine> next)
    {
        TaskCompletionSource<IInfillEngine> old = Interlocked.Exchange(ref loaded, next);
        old.TrySetCanceled();
        StateChanged?.Invoke();
    }
}
