using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Hosting;

/// <summary>The engine, loaded beside the running session. Until it is there, and if it never comes, the server lives on without it.</summary>
internal sealed class BackgroundEngine(EngineFactory factory, TimeSpan stopTime, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource<IInfillEngine> loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<ModelLoadProgress> progress = Channel.CreateUnbounded<ModelLoadProgress>();
    private Task loading = Task.CompletedTask;

    /// <summary>The loaded engine; null while it loads and when it could not be loaded.</summary>
    public IInfillEngine? Ready => loaded.Task.IsCompletedSuccessfully ? loaded.Task.Result : null;

    /// <summary>Ends with the loading, in the engine or in the error that it failed with.</summary>
    public Task<IInfillEngine> Loaded => loaded.Task;

    /// <summary>How far the loading is; ends with it.</summary>
    public ChannelReader<ModelLoadProgress> Progress => progress.Reader;

    /// <summary>Starts to load.</summary>
    public void Start() => loading = Task.Run(LoadAsync);

    /// <summary>Waits for the engine.</summary>
    /// <exception cref="LspException">It could not be loaded.</exception>
    public async Task<IInfillEngine> WaitAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await loaded.Task.WaitAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LspException(LspErrorCodes.RequestFailed, $"no model is loaded: {exception.Message}", exception);
        }
    }

    /// <summary>Stops a load that is under way and unloads the model.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        // Native code must not run when the process tears its libraries down, but a load that hangs must not hold the process either.
        await Task.WhenAny(loading, Task.Delay(stopTime));
        if (Ready is IInfillEngine engine)
        {
            await Task.WhenAny(engine.DisposeAsync().AsTask(), Task.Delay(stopTime));
        }
    }

    private async Task LoadAsync()
    {
        try
        {
            IInfillEngine engine = await factory(new ChannelProgress(progress.Writer), stop.Token);
            EngineDescription description = engine.Description;
            Log.ModelReady(logger, description.Model, description.DataType, description.Device);
            loaded.TrySetResult(engine);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            loaded.TrySetCanceled();
        }
        catch (Exception exception)
        {
            // Whatever is wrong with a model folder or the native libraries: the session goes on, and everyone who asks is told.
            Log.ModelFailed(logger, exception);
            loaded.TrySetException(exception);
        }
        progress.Writer.TryComplete();
    }

    private sealed class ChannelProgress(ChannelWriter<ModelLoadProgress> writer) : IProgress<ModelLoadProgress>
    {
        public void Report(ModelLoadProgress value) => writer.TryWrite(value);
    }
}
