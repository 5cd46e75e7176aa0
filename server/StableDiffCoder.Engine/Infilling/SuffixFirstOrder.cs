using StableDiffCoder.Engine.Diffusion;
using StableDiffCoder.Engine.Runtime;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>
/// FIM order for block-causal checkpoints, one span at a time. Several spans are filled left to right with the earlier fills in view and
/// the later spans' old text gone; then the uncertain ones get a <see cref="SecondLook"/> with all the others in view.
/// </summary>
internal sealed class SuffixFirstOrder : IInfillOrder
{
    private readonly LoadedModel model;
    private readonly CanvasBuilder canvases;
    private readonly PrefixCache? prefixes;

    /// <summary>Fills spans by a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="canvases">Lays out prompts.</param>
    /// <param name="prefixCache">Settings of what prompts share; null shares nothing.</param>
    public SuffixFirstOrder(LoadedModel model, CanvasBuilder canvases, PrefixCacheOptions? prefixCache)
    {
        this.model = model;
        this.canvases = canvases;
        prefixes = prefixCache is null ? null : new PrefixCache(model.Transformer, model.Config.BlockLength, prefixCache);
    }

    /// <inheritdoc/>
    public PrefixCacheStatistics CacheStatistics => prefixes?.Statistics ?? new PrefixCacheStatistics();

    /// <inheritdoc/>
    public void DropCache() => prefixes?.Clear();

    /// <inheritdoc/>
    public void Dispose() => prefixes?.Dispose();

    /// <inheritdoc/>
    public IReadOnlyList<InfilledSpan> Fill(InfillTask task)
    {
        var looks = new SecondLook(task);
        int forwards = 0;
        for (int i = 0; i < task.Spans.Count; i++)
        {
            InfilledSpan fill = task.IsOutOfTime ? InfilledSpan.OutOfTime(task.Spans[i]) : FillOne(task, looks, i, pass: 0, forwards);
            looks.Draft(i, fill);
            forwards += fill.Forwards;
        }
        foreach (int i in looks.Uncertain())
        {
            if (task.IsOutOfTime)
            {
                break;
            }
            InfilledSpan fill = FillOne(task, looks, i, pass: 1, forwards);
            looks.Replace(i, fill);
            forwards += fill.Forwards;
        }
        return looks.Fills;
    }

    private InfilledSpan FillOne(InfillTask task, SecondLook looks, int index, int pass, int forwardsBefore)
    {
        InfillOptions options = task.Options;
        int[] kept = [.. task.Kept.Select(choice => choice.Id)];
        (int genLength, int masks) = Lengths(options.MaxNewTokens, kept.Length);
        (string before, string behind) = looks.Around(index);
        string? following = options.StopAtSuffix ? FollowingText.Start(behind) : null;
        var stops = new StopStringWatch(model, following is null ? options.StopStrings : [.. options.StopStrings, following]);
        double strength = options.DocumentPrior ?? model.Config.DocumentPrior;
        var hooks = new GenerationHooks
        {
            OnStep = task.Progress is { } progress ? step => Show(progress, task, index, step, forwardsBefore) : null,
            // Rounding up to blocks can leave a last block of which nothing would be kept.
            ShouldStop = ids =>
                stops.HasAppeared(kept.Length == 0 ? ids : [.. kept, .. ids])
                || (kept.Length + ids.Count >= options.MaxNewTokens && ids.Count < genLength),
            Prior =
                strength > 0
                    ? new DocumentPrior(model, before, behind, [.. task.Snippets.Select(snippet => snippet.Text)], kept, strength)
                    : null,
            IsOutOfTime = options.DeadlineMilliseconds is null ? null : () => task.IsOutOfTime,
        };
        var sampling = new SamplerOptions
        {
            GenLength = genLength,
            BlockLength = model.Config.BlockLength,
            Threshold = options.Threshold,
            EntropyBound = options.EntropyBound,
            Remasking = options.Remasking ?? model.Config.Remasking,
            Temperature = options.Temperature,
            Seed = task.SeedFor(index, pass),
            ForbiddenFirst = task.Branch?.Forbidden ?? [],
        };
        int[] prompt = [.. canvases.SuffixFirst(before, behind, masks, options, task.Snippets).Known[0], .. kept];
        using PrefixLease? lease = prefixes?.Rent(prompt);
        Generation generation = Samplers
            .Create(options.Sampler, model.Transformer, model.SpecialIds)
            .Generate(prompt, sampling, hooks, task.CancellationToken, cache: lease?.Cache);
        return ToFill(task, index, generation, prompt.Length, following) with { ReusedTokens = lease?.ReusedTokens ?? 0 };
    }

    // New tokens to generate behind the kept ones, in whole blocks, and positions to leave for both together: those of a request that keeps
    // none where possible, so that the window and with it the prompt stay the same.
    private (int GenLength, int Masks) Lengths(int maxNewTokens, int kept)
    {
        int block = model.Config.BlockLength;
        int whole = (maxNewTokens + block - 1) / block * block;
        int genLength = Math.Max(1, (whole - kept) / block) * block;
        return (genLength, Math.Max(whole, kept + genLength));
    }

    private InfilledSpan ToFill(InfillTask task, int index, Generation generation, int promptLength, string? following)
    {
        bool late = generation.Stop == GenerationStop.Deadline;
        int blockLength = model.Config.BlockLength;
        int shown = late
            ? ConfidentPrefix.Length(
                generation.Confidences,
                blockLength - (promptLength % blockLength),
                blockLength,
                task.Options.DeadlineConfidence
            )
            : generation.NewIds.Count;
        NewText text = NewText.From(
            model,
            [.. task.Kept.Select(choice => choice.Id), .. generation.NewIds.Take(shown)],
            [.. task.Kept.Select(choice => choice.Confidence), .. generation.Confidences],
            task.Options,
            following
        );
        return new InfilledSpan
        {
            Span = task.Spans[index],
            Text = text.Text,
            Tokens = text.Tokens,
            Confidences = text.Confidences,
            Choices = text.Choices,
            Forwards = generation.Forwards,
            PromptTokens = promptLength - task.Kept.Count,
            Stop = late && text.Stop == InfillStop.Length ? InfillStop.Deadline : text.Stop,
        };
    }

    private static void Show(CanvasProgress progress, InfillTask task, int index, DenoisingStep step, int forwardsBefore)
    {
        progress.Update(
            index,
            [.. task.Kept.Select(choice => choice.Id), .. step.NewIds],
            [.. task.Kept.Select(choice => choice.Confidence), .. step.Confidences],
            task.Options.MaxNewTokens
        );
        progress.Report(forwardsBefore + step.Forwards);
    }
}
