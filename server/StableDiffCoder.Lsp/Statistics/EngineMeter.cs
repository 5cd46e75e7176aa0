using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Hosting;

namespace StableDiffCoder.Lsp.Statistics;

/// <summary>Measures what the model does: how many requests are with it, how fast it writes, how much of the prompts was known.</summary>
internal sealed class EngineMeter
{
    private readonly Lock gate = new();
    private int requests;
    private long tokens;
    private double milliseconds;
    private long promptTokens;
    private long reusedTokens;

    /// <value>Requests that wait for the model or are being answered.</value>
    public int Queue => Volatile.Read(ref requests);

    /// <value>New tokens a second of answering; null before the first.</value>
    public double? TokensPerSecond => Ratio(() => 1000 * tokens / milliseconds, () => milliseconds > 0);

    /// <value>The share of the prompts' tokens that an earlier request had computed, 0 to 1; null before the first.</value>
    public double? CacheHitRate => Ratio(() => (double)reusedTokens / promptTokens, () => promptTokens > 0);

    /// <summary>The same models, measured.</summary>
    public IModelSource Measure(IModelSource models) => new MeasuredSource(this, models);

    private double? Ratio(Func<double> value, Func<bool> isKnown)
    {
        lock (gate)
        {
            return isKnown() ? value() : null;
        }
    }

    private async Task<EditResult> WaitForAsync(Func<Task<EditResult>> work)
    {
        Interlocked.Increment(ref requests);
        try
        {
            return await work();
        }
        finally
        {
            Interlocked.Decrement(ref requests);
        }
    }

    private async Task<InfillResult> CountAsync(Func<Task<InfillResult>> work)
    {
        Interlocked.Increment(ref requests);
        try
        {
            InfillResult result = await work();
            lock (gate)
            {
                tokens += result.Spans.Sum(span => span.Tokens);
                milliseconds += result.Milliseconds;
                promptTokens += result.Spans.Sum(span => span.PromptTokens);
                reusedTokens += result.Spans.Sum(span => span.ReusedTokens);
            }
            return result;
        }
        finally
        {
            Interlocked.Decrement(ref requests);
        }
    }

    private sealed class MeasuredSource(EngineMeter meter, IModelSource models) : IModelSource
    {
        public ModelSighting Look(ModelOptions model) => models.Look(model);

        public async Task<IInfillEngine> LoadAsync(
            ModelOptions model,
            IProgress<ModelLoadProgress> progress,
            CancellationToken cancellationToken
        )
        {
            IInfillEngine engine = await models.LoadAsync(model, progress, cancellationToken);
            return engine is IEditEngine editor ? new MeasuredEditor(meter, engine, editor) : new MeasuredEngine(meter, engine);
        }
    }

    private class MeasuredEngine(EngineMeter meter, IInfillEngine engine) : IInfillEngine
    {
        public EngineDescription Description => engine.Description;

        protected EngineMeter Meter { get; } = meter;

        public Task<InfillResult> InfillAsync(
            InfillRequest request,
            IProgress<InfillCanvas>? progress,
            CancellationToken cancellationToken
        ) => Meter.CountAsync(() => engine.InfillAsync(request, progress, cancellationToken));

        public ValueTask DisposeAsync() => engine.DisposeAsync();
    }

    private sealed class MeasuredEditor(EngineMeter meter, IInfillEngine engine, IEditEngine editor)
        : MeasuredEngine(meter, engine),
            IEditEngine
    {
        public Task<EditResult> EditAsync(EditRequest request, IProgress<InfillCanvas>? progress, CancellationToken cancellationToken) =>
            Meter.WaitForAsync(() => editor.EditAsync(request, progress, cancellationToken));
    }
}
