using System.CommandLine;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Cli;

/// <summary>A loaded model and the one thread that runs it, for commands that look inside the model.</summary>
public sealed class ModelSession : IAsyncDisposable
{
    private readonly InferenceWorker worker;
    private readonly LoadedModel model;

    private ModelSession(InferenceWorker worker, LoadedModel model)
    {
        this.worker = worker;
        this.model = model;
    }

    /// <summary>Loads the model that the options name.</summary>
    public static async Task<ModelSession> LoadAsync(ParseResult parsed, GlobalOptions options, CancellationToken cancellationToken)
    {
        string folder = ModelLocation.Resolve(parsed.GetValue(options.Model));
        var worker = new InferenceWorker();
        try
        {
            LoadedModel model = await worker.RunAsync(
                token => LoadedModel.Load(folder, LoadOptions(parsed, options), progress: null, token),
                cancellationToken
            );
            return new ModelSession(worker, model);
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Loads the infill engine over the model that the options name.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">Global options.</param>
    /// <param name="progress">Told how far the loading is; null when nobody looks.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public static async Task<IInfillEngine> LoadEngineAsync(
        ParseResult parsed,
        GlobalOptions options,
        IProgress<ModelLoadProgress>? progress,
        CancellationToken cancellationToken
    ) => await LoadEditorAsync(parsed, options, progress, cancellationToken);

    /// <summary>Loads the engine over the model that the options name, for edits too.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="options">Global options.</param>
    /// <param name="progress">Told how far the loading is; null when nobody looks.</param>
    /// <param name="cancellationToken">Ctrl+C.</param>
    public static Task<InfillEngine> LoadEditorAsync(
        ParseResult parsed,
        GlobalOptions options,
        IProgress<ModelLoadProgress>? progress,
        CancellationToken cancellationToken
    ) =>
        InfillEngine.LoadAsync(
            ModelLocation.Resolve(parsed.GetValue(options.Model)),
            LoadOptions(parsed, options),
            progress,
            cancellationToken
        );

    /// <summary>Loads the tokenizer alone, for which libtorch is not needed.</summary>
    public static HuggingFaceTokenizer LoadTokenizer(ParseResult parsed, GlobalOptions options) =>
        HuggingFaceTokenizer.Load(Path.Combine(ModelLocation.Resolve(parsed.GetValue(options.Model)), "tokenizer.json"));

    /// <summary>Runs a function on the model's thread.</summary>
    public Task<T> RunAsync<T>(Func<LoadedModel, CancellationToken, T> work, CancellationToken cancellationToken) =>
        worker.RunAsync(token => work(model, token), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await worker.DisposeAsync();
        model.Dispose();
    }

    /// <summary>How the options want a model loaded.</summary>
    public static ModelLoadOptions LoadOptions(ParseResult parsed, GlobalOptions options) =>
        new()
        {
            Device = parsed.GetValue(options.Device) ?? new ModelLoadOptions().Device,
            DataType = options.DataTypeOf(parsed),
            Threads = parsed.GetValue(options.Threads),
            LibtorchDirectory = parsed.GetValue(options.Libtorch),
            PrefixCacheMegabytes = parsed.GetValue(options.PrefixCache) ?? new ModelLoadOptions().PrefixCacheMegabytes,
        };
}
