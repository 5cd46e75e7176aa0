using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Runtime;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>
/// Holes denoised where they stand, for bidirectional checkpoints: all spans of a request in one canvas, or in as few as the text between
/// them allows. How long a hole is the model says (<see cref="IHoleLengths"/>); inside it, eos ends the text too.
/// A forward serves every hole of its canvas and is counted for each that still had masks.
/// </summary>
internal sealed class InPlaceOrder(LoadedModel model, CanvasBuilder canvases) : IInfillOrder
{
    private readonly CanvasSampler sampler = new(model.Transformer, model.SpecialIds);
    private readonly IHoleLengths lengths = model.Config.LengthFiller ? new FillerHoleLengths(model) : new ConfidentHoleLengths(model);

    /// <summary>Nothing: under full attention every token depends on every other.</summary>
    public PrefixCacheStatistics CacheStatistics { get; } = new();

    /// <inheritdoc/>
    public void DropCache() { }

    /// <inheritdoc/>
    public void Dispose() { }

    /// <inheritdoc/>
    public IReadOnlyList<InfilledSpan> Fill(InfillTask task)
    {
        var fills = new List<InfilledSpan>(task.Spans.Count);
        int forwards = 0;
        while (fills.Count < task.Spans.Count)
        {
            int count = SpansThatFit(task, fills.Count);
            fills.AddRange(FillTogether(task, fills, count, ref forwards));
        }
        return fills;
    }

    // How many spans from `first` on share a canvas: their masks and the texts between them must fit. At least one.
    private int SpansThatFit(InfillTask task, int first)
    {
        int between = 0;
        int last = first + 1;
        for (; last < task.Spans.Count; last++)
        {
            between += canvases.Encode(task.Between(last)).Length;
            if (!canvases.Fits((last + 1 - first) * task.Options.MaxNewTokens, between, task.Options.ContextTokens))
            {
                break;
            }
        }
        return last - first;
    }

    private List<InfilledSpan> FillTogether(InfillTask task, List<InfilledSpan> earlier, int count, ref int forwards)
    {
        int first = earlier.Count;
        string before = string.Concat(earlier.Select((fill, i) => task.Between(i) + fill.Text)) + task.Between(first);
        string behind = string.Concat(Enumerable.Range(first + count, task.Spans.Count + 1 - first - count).Select(task.Between));
        string[] texts = [before, .. Enumerable.Range(first + 1, count - 1).Select(task.Between), behind];
        int[] longest = [.. Enumerable.Repeat(task.Options.MaxNewTokens, count)];
        Canvas canvas = canvases.InPlace(texts, longest, task.Options, task.Snippets);
        if (task.Branch is InfillBranch branch)
        {
            int[] kept = [.. branch.Kept.Select(choice => choice.Id)];
            canvas = new Canvas
            {
                Known =
                [
                    [.. canvas.Known[0], .. kept],
                    canvas.Known[1],
                ],
                HoleLengths = [longest[0] - kept.Length],
            };
        }
        int withoutLengths = forwards;
        canvas = canvas with { HoleLengths = lengths.Choose(task, canvas, ref forwards) };
        int lengthForwards = forwards - withoutLengths;
        IReadOnlyList<Generation> generations = Denoise(task, canvas, first, ref forwards);
        return [.. generations.Select((generation, i) => ToFill(task, first + i, generation, lengthForwards, canvas.HoleLengths[i]))];
    }

    private IReadOnlyList<Generation> Denoise(InfillTask task, Canvas canvas, int first, ref int forwards)
    {
        IReadOnlyList<CanvasHole> holes = canvas.Holes;
        int earlier = forwards;
        int last = forwards;
        var options = new CanvasSamplerOptions
        {
            Threshold = task.Options.Threshold,
            EntropyBound = task.Options.EntropyBound,
            Remasking = task.Options.Remasking ?? model.Config.Remasking,
            Temperature = task.Options.Temperature,
            Seed = task.SeedFor(first, 0),
            ForbiddenFirst = task.Branch?.Forbidden ?? [],
        };
        IReadOnlyList<Generation> generations = sampler.Denoise(
            canvas.ToIds(model.SpecialIds.Mask),
            holes,
            options,
            step =>
            {
                last = earlier + step.Forwards;
                Show(task, step, holes, first, last);
            },
            task.CancellationToken,
            isOutOfTime: () => task.IsOutOfTime
        );
        forwards = last;
        return generations;
    }

    private static void Show(InfillTask task, CanvasStep step, IReadOnlyList<CanvasHole> holes, int first, int forwards)
    {
        if (task.Progress is not CanvasProgress progress)
        {
            return;
        }
        for (int i = 0; i < holes.Count; i++)
        {
            int[] ids = [.. task.Kept.Select(choice => choice.Id), .. holes[i].Positions.Select(position => step.Canvas[position])];
            progress.Update(first + i, ids, [.. task.Kept.Select(choice => choice.Confidence), .. step.Confidences[i]], ids.Length);
        }
        progress.Report(forwards);
    }

    private InfilledSpan ToFill(InfillTask task, int span, Generation generation, int lengthForwards, int length)
    {
        bool late = generation.Stop == GenerationStop.Deadline;
        int blockLength = model.Config.BlockLength;
        int shown = late
            ? ConfidentPrefix.Length(generation.Confidences, blockLength, blockLength, task.Options.DeadlineConfidence)
            : generation.NewIds.Count;
        NewText text = NewText.From(
            model,
            [.. task.Kept.Select(choice => choice.Id), .. generation.NewIds.Take(shown)],
            [.. task.Kept.Select(choice => choice.Confidence), .. generation.Confidences],
            task.Options
        );
        // A length below the budget was the model's own choice, as an eos is.
        bool endedItself = text.Stop == InfillStop.Length && task.Kept.Count + length < task.Options.MaxNewTokens;
        return new InfilledSpan
        {
            Span = task.Spans[span],
            Text = text.Text,
            Tokens = text.Tokens,
            Confidences = text.Confidences,
            Choices = text.Choices,
            Forwards = lengthForwards + generation.Forwards,
            Stop =
                late && text.Stop == InfillStop.Length ? InfillStop.Deadline
                : endedItself ? InfillStop.Eos
                : text.Stop,
        };
    }
}
