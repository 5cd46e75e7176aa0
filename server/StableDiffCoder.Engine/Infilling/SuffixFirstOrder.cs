using StableDiffCoder.Engine.Diffusion;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>
/// FIM order for block-causal checkpoints, one span at a time. Several spans are filled left to right with the earlier fills in view and
/// the later spans' old text gone; then a second pass refills each with all the others in view.
/// </summary>
internal sealed class SuffixFirstOrder(LoadedModel model, CanvasBuilder canvases) : IInfillOrder
{
    private readonly BlockDiffusionSampler sampler = new(model.Transformer, model.SpecialIds);

    /// <inheritdoc/>
    public IReadOnlyList<InfilledSpan> Fill(InfillTask task)
    {
        var fills = new InfilledSpan?[task.Spans.Count];
        int passes = task.Spans.Count > 1 ? 2 : 1;
        int forwards = 0;
        for (int pass = 0; pass < passes; pass++)
        {
            for (int i = 0; i < fills.Length; i++)
            {
                InfilledSpan fill = FillOne(task, fills, i, pass, forwards);
                forwards += fill.Forwards;
                fills[i] = fill with { Forwards = fill.Forwards + (fills[i]?.Forwards ?? 0) };
            }
        }
        return fills!;
    }

    private InfilledSpan FillOne(InfillTask task, InfilledSpan?[] fills, int index, int pass, int forwardsBefore)
    {
        InfillOptions options = task.Options;
        int blockLength = model.Config.BlockLength;
        int genLength = (options.MaxNewTokens + blockLength - 1) / blockLength * blockLength;
        string before = string.Concat(Enumerable.Range(0, index).Select(i => task.Between(i) + fills[i]?.Text)) + task.Between(index);
        string behind = string.Concat(
            Enumerable.Range(index + 1, fills.Length - index).Select(i => task.Between(i) + (i < fills.Length ? fills[i]?.Text : ""))
        );
        Canvas canvas = canvases.SuffixFirst(before, behind, genLength, options.ContextTokens);
        var sampling = new SamplerOptions
        {
            GenLength = genLength,
            BlockLength = blockLength,
            Threshold = options.Threshold,
            Temperature = options.Temperature,
            Seed = task.SeedFor(index, pass),
        };
        var stops = new StopStringWatch(model, options.StopStrings);
        var hooks = new GenerationHooks
        {
            OnStep = task.Progress is { } progress ? step => Show(progress, task, index, step, forwardsBefore) : null,
            // Rounding up to blocks can leave a last block of which nothing would be kept.
            ShouldStop = ids => stops.HasAppeared(ids) || (ids.Count >= options.MaxNewTokens && ids.Count < genLength),
        };
        Generation generation = sampler.Generate(canvas.Known[0], sampling, hooks, task.CancellationToken);
        NewText text = NewText.From(model, generation.NewIds, generation.Confidences, options);
        return new InfilledSpan
        {
            Span = task.Spans[index],
            Text = text.Text,
            Tokens = text.Tokens,
            Confidences = text.Confidences,
            Forwards = generation.Forwards,
            Stop = text.Stop,
        };
    }

    private static void Show(CanvasProgress progress, InfillTask task, int index, DenoisingStep step, int forwardsBefore)
    {
        progress.Update(index, step.NewIds, step.Confidences, task.Options.MaxNewTokens);
        progress.Report(forwardsBefore + step.Forwards);
    }
}
