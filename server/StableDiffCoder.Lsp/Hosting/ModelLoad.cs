using System.Threading.Channels;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Lsp.Hosting;

/// <summary>One attempt to load a model.</summary>
internal sealed class ModelLoad : IProgress<ModelLoadProgress>
{
    private readonly Channel<ModelLoadProgress> progress = Channel.CreateUnbounded<ModelLoadProgress>();
    private readonly TaskCompletionSource<Exception?> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>How far it is; ends with it.</summary>
    public ChannelReader<ModelLoadProgress> Progress => progress.Reader;

    /// <summary>Ends with it: null when the model is there or is no longer wanted, else the error.</summary>
    public Task<Exception?> Outcome => outcome.Task;

    /// <inheritdoc/>
    public void Report(ModelLoadProgress value) => progress.Writer.TryWrite(value);

    /// <summary>Notes how it ended.</summary>
    public void End(Exception? failure)
    {
        outcome.TrySetResult(failure);
        progress.Writer.TryComplete();
    }
}
