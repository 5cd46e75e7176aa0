using StableDiffCoder.Engine.Runtime;

namespace StableDiffCoder.Engine.Infilling;

/// <summary>One request on its way through the engine: spans settled between characters, canvas reports wired.</summary>
internal sealed class InfillTask
{
    private readonly Deadline deadline;

    /// <summary>Prepares a valid request.</summary>
    public InfillTask(
        InfillRequest request,
        LoadedModel model,
        IProgress<InfillCanvas>? progress,
        Deadline deadline,
        CancellationToken cancellationToken
    )
    {
        this.deadline = deadline;
        Text = request.Text;
        Spans = SpanBoundaries.Settle(request.Text, request.Spans);
        Options = request.Options;
        Branch = request.Branch;
        Snippets = request.Snippets;
        Branch?.Validate(model);
        CancellationToken = cancellationToken;
        Progress = progress is null ? null : new CanvasProgress(progress, model, Spans.Count, Options.MaxNewTokens);
    }

    public string Text { get; }

    public IReadOnlyList<TextSpan> Spans { get; }

    public InfillOptions Options { get; }

    /// <summary>What the one span's text begins with; null for a text from the start.</summary>
    public InfillBranch? Branch { get; }

    /// <summary>Pieces of other files, the best first.</summary>
    public IReadOnlyList<ContextSnippet> Snippets { get; }

    /// <summary>Tokens that are given.</summary>
    public IReadOnlyList<TokenChoice> Kept => Branch?.Kept ?? [];

    public CanvasProgress? Progress { get; }

    public CancellationToken CancellationToken { get; }

    /// <summary>Whether no forward may be started any more.</summary>
    public bool IsOutOfTime => deadline.HasPassed;

    /// <summary>The text between span <paramref name="index"/> − 1 and span <paramref name="index"/>; the outer ones reach to the text's ends.</summary>
    public string Between(int index)
    {
        int start = index == 0 ? 0 : Spans[index - 1].End;
        int end = index == Spans.Count ? Text.Length : Spans[index].Start;
        return Text[start..end];
    }

    /// <summary>The seed of a span in a pass; the first is the request's own, so one span samples as a plain generation would.</summary>
    public long SeedFor(int span, int pass) => unchecked(Options.Seed + ((long)pass << 32) + span);
}

/// <summary>Fills the spans of a request, on the engine's thread.</summary>
internal interface IInfillOrder : IDisposable
{
    /// <summary>What the prompts shared.</summary>
    PrefixCacheStatistics CacheStatistics { get; }

    /// <summary>Frees what is kept for later requests.</summary>
    void DropCache();

    /// <summary>One fill per span.</summary>
    IReadOnlyList<InfilledSpan> Fill(InfillTask task);
}
