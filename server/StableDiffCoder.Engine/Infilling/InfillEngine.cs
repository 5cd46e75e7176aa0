using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>
/// The engine of this process: one model, one thread that runs it, requests one after another. The same request gets the same answer, up to
/// rounding: what a request shares with an earlier one was computed in that one's forwards, and a forward of another width rounds otherwise.
/// </summary>
public sealed class InfillEngine : IInfillEngine, IEditEngine
{
    private readonly InferenceWorker worker;
    private readonly LoadedModel model;
    private readonly IInfillOrder order;
    private readonly ChatEditor editor;
    private readonly TimeProvider time;

    /// <summary>Takes over a model and the worker on whose thread it was loaded; both are disposed of with the engine.</summary>
    /// <param name="model">The model.</param>
    /// <param name="worker">Its thread.</param>
    /// <param name="prefixCache">Settings of what prompts share; null shares nothing.</param>
    /// <param name="time">The clock of deadlines and measurements; null is the system's.</param>
    /// <exception cref="ModelLoadException">
    /// The checkpoint wants FIM order and its tokenizer.json lacks a FIM token, or it predicts the next token and fills no masks.
    /// </exception>
    public InfillEngine(LoadedModel model, InferenceWorker worker, PrefixCacheOptions? prefixCache = null, TimeProvider? time = null)
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
        this.time = time ?? TimeProvider.System;
        // A tokenizer without mask or eos is found out now, not at the first request.
        _ = model.SpecialIds;
        var canvases = new CanvasBuilder(model.Config, model.Tokenizer);
        order =
            model.Config.InfillOrder == InfillOrder.InPlace
                ? new InPlaceOrder(model, canvases)
                : new SuffixFirstOrder(model, canvases, prefixCache);
        editor = new ChatEditor(model);
        Description = new EngineDescription
        {
            Model = model.Directory.Name,
            Device = model.Device.Name,
            DataType =
                WeightQuantizations.NameOf(model.Transformer.Config.Quantization) ?? ComputeDevice.NameOf(model.Transformer.DataType),
            Parameters = model.Transformer.ParameterCount,
            ContextLength = model.Config.MaxPositionEmbeddings,
            CanEdit = editor.CanEdit,
        };
    }

    /// <inheritdoc/>
    public EngineDescription Description { get; }

    /// <summary>What prompts have shared so far.</summary>
    public PrefixCacheStatistics CacheStatistics => order.CacheStatistics;

    /// <summary>Loads a model folder on a thread of its own and returns the engine that owns both.</summary>
    /// <param name="modelDirectory">A Hugging Face folder.</param>
    /// <param name="options">Device, element type, threads.</param>
    /// <param name="progress">Told how far the loading is, on the engine's thread; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked between parts and every few megabytes of weights.</param>
    /// <param name="time">The clock of deadlines and measurements; null is the system's.</param>
    /// <exception cref="ModelLoadException">A file is missing or wrong; the message names it and the fix.</exception>
    /// <exception cref="ArgumentException">An option is out of bounds, or the device is not there.</exception>
    public static async Task<InfillEngine> LoadAsync(
        string modelDirectory,
        ModelLoadOptions options,
        IProgress<ModelLoadProgress>? progress,
        CancellationToken cancellationToken,
        TimeProvider? time = null
    )
    {
        var worker = new InferenceWorker(options.LowPriority);
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
                long budget = (long)options.PrefixCacheMegabytes << 20;
                return new InfillEngine(model, worker, budget == 0 ? null : new PrefixCacheOptions { BudgetBytes = budget }, time);
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
        var deadline = new Deadline(time, request.Options.DeadlineMilliseconds);
        IReadOnlyList<InfilledSpan> spans = await FillAsync(request, progress, deadline, cancellationToken).ConfigureAwait(false);
        return new InfillResult
        {
            Spans = spans,
            Model = Description.Model,
            Milliseconds = deadline.Elapsed.TotalMilliseconds,
        };
    }

    // A request whose time runs out behind others is answered then, not when its turn comes.
    private async Task<IReadOnlyList<InfilledSpan>> FillAsync(
        InfillRequest request,
        IProgress<InfillCanvas>? progress,
        Deadline deadline,
        CancellationToken cancellationToken
    )
    {
        using CancellationTokenSource? timer = deadline.Timer();
        try
        {
            return await worker
                .RunAsync(
                    token =>
                        OutOfMemory.Retry(() => order.Fill(new InfillTask(request, model, progress, deadline, token)), order.DropCache),
                    cancellationToken,
                    whileWaiting: timer?.Token ?? CancellationToken.None
                )
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (timer?.IsCancellationRequested == true && !cancellationToken.IsCancellationRequested)
        {
            return [.. SpanBoundaries.Settle(request.Text, request.Spans).Select(InfilledSpan.OutOfTime)];
        }
    }

    /// <inheritdoc/>
    public async Task<EditResult> EditAsync(EditRequest request, IProgress<InfillCanvas>? progress, CancellationToken cancellationToken)
    {
        request.Validate();
        var clock = new Deadline(time, milliseconds: null);
        EditResult result = await worker.RunAsync(token => editor.Edit(request, progress, token), cancellationToken).ConfigureAwait(false);
        return result with { Milliseconds = clock.Elapsed.TotalMilliseconds };
    }

    /// <summary>Cancels what runs and waits, ends the thread, frees the model.</summary>
    public async ValueTask DisposeAsync()
    {
        await worker.DisposeAsync().ConfigureAwait(false);
        order.Dispose();
        model.Dispose();
    }
}
