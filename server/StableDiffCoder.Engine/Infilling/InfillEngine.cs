using System.Diagnostics;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>The engine of this process: one model, one thread that runs it, requests one after another. The same request gets the same answer.</summary>
public sealed class InfillEngine : IInfillEngine, IEditEngine
{
    private readonly InferenceWorker worker;
    private readonly LoadedModel model;
    private readonly IInfillOrder order;
    private readonly ChatEditor editor;

    /// <summary>Takes over a model and the worker on whose thread it was loaded; both are disposed of with the engine.</summary>
    /// <exception cref="ModelLoadException">
    /// The checkpoint wants FIM order and its tokenizer.json lacks a FIM token, or it predicts the next token and fills no masks.
    /// </exception>
    public InfillEngine(LoadedModel model, InferenceWorker worker)
    {
        if (model.Config.LogitShift)
        {
            throw new ModelLoadException(
                Path.Combine(model.Directory.Path, "config.json"),
                $"{model.Directory.Path}: config.json says logit_shift: this model predicts the next token and fills no masks; train it on with a cpt stage."
            );
        }
        this.model = model;
        this.worker = worker;
        // A tokenizer without mask or eos is found out now, not at the first request.
        _ = model.SpecialIds;
        var canvases = new CanvasBuilder(model.Config, model.Tokenizer);
        order = model.Config.InfillOrder == InfillOrder.InPlace ? new InPlaceOrder(model, canvases) : new SuffixFirstOrder(model, canvases);
        editor = new ChatEditor(model);
        Description = new EngineDescription
        {
            Model = model.Directory.Name,
            Device = model.Device.Name,
            DataType = ComputeDevice.NameOf(model.Transformer.DataType),
            Parameters = model.Transformer.ParameterCount,
            ContextLength = model.Config.MaxPositionEmbeddings,
            CanEdit = editor.CanEdit,
        };
    }

    /// <inheritdoc/>
    public EngineDescription Description { get; }

    /// <summary>Loads a model folder on a thread of its own and returns the engine that owns both.</summary>
    /// <param name="modelDirectory">A Hugging Face folder.</param>
    /// <param name="options">Device, element type, threads.</param>
    /// <param name="progress">Told how far the loading is, on the engine's thread; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked between parts and every few megabytes of weights.</param>
    /// <exception cref="ModelLoadException">A file is missing or wrong; the message names it and the fix.</exception>
    /// <exception cref="ArgumentException">An option is out of bounds, or the device is not there.</exception>
    public static async Task<InfillEngine> LoadAsync(
        string modelDirectory,
        ModelLoadOptions options,
        IProgress<ModelLoadProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var worker = new InferenceWorker();
        try
        {
            return await worker.RunAsync(Load, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await worker.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        InfillEngine Load(CancellationToken token)
        {
            LoadedModel model = LoadedModel.Load(modelDirectory, options, progress, token);
            try
            {
                return new InfillEngine(model, worker);
            }
            catch
            {
                model.Dispose();
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<InfillResult> InfillAsync(
        InfillRequest request,
        IProgress<InfillCanvas>? progress,
        CancellationToken cancellationToken
    )
    {
        request.Validate();
        var clock = Stopwatch.StartNew();
        IReadOnlyList<InfilledSpan> spans = await worker
            .RunAsync(token => order.Fill(new InfillTask(request, model, progress, token)), cancellationToken)
            .ConfigureAwait(false);
        return new InfillResult
        {
            Spans = spans,
            Model = Description.Model,
            Milliseconds = clock.Elapsed.TotalMilliseconds,
        };
    }

    /// <inheritdoc/>
    public async Task<EditResult> EditAsync(EditRequest request, IProgress<InfillCanvas>? progress, CancellationToken cancellationToken)
    {
        request.Validate();
        var clock = Stopwatch.StartNew();
        EditResult result = await worker.RunAsync(token => editor.Edit(request, progress, token), cancellationToken).ConfigureAwait(false);
        return result with { Milliseconds = clock.Elapsed.TotalMilliseconds };
    }

    /// <summary>Cancels what runs and waits, ends the thread, frees the model.</summary>
    public async ValueTask DisposeAsync()
    {
        await worker.DisposeAsync().ConfigureAwait(false);
        model.Dispose();
    }
}
