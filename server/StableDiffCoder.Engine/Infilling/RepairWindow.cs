namespace StableDiffCoder.Engine.Infilling;

/// <summary>The tokens of a fill around an error, which are masked again; what stands before and behind them is kept.</summary>
/// <param name="From">Index of the first of them in <see cref="InfilledSpan.Choices"/>: one that may not come again.</param>
/// <param name="To">Index behind the last of them.</param>
internal readonly record struct RepairWindow(int From, int To)
{
    private const int TokensBefore = 8;
    private const int TokensBehind = 4;

    /// <summary>
    /// The first window that was not tried: from the least probable of the last tokens up to the error to a few tokens behind the error, then from there to
    /// the end of the fill, then likewise from the next least probable one on.
    /// </summary>
    /// <param name="fill">The fill.</param>
    /// <param name="error">Offset of the error from the fill's start.</param>
    /// <param name="tried">The windows of this fill that were tried; the one that is returned is added.</param>
    /// <returns>Null when all were tried.</returns>
    public static RepairWindow? Of(InfilledSpan fill, int error, HashSet<RepairWindow> tried)
    {
        int count = fill.Choices.Count;
        int at = Enumerable.Range(0, count).FirstOrDefault(i => fill.Choices[i].End > error, count - 1);
        int[] doubtful =
        [
            .. Enumerable.Range(0, at + 1).TakeLast(TokensBefore).OrderBy(i => fill.Choices[i].Confidence).ThenByDescending(i => i),
        ];
        IEnumerable<RepairWindow> windows = doubtful.SelectMany(from =>
            (RepairWindow[])[new(from, Math.Min(at + 1 + TokensBehind, count)), new(from, count)]
        );
        RepairWindow[] next = [.. windows.Where(window => !tried.Contains(window)).Take(1)];
        tried.UnionWith(next);
        return next.Length == 0 ? null : next[0];
    }

    /// <summary>Denoises the window again.</summary>
    /// <param name="engine">The engine that made the fill.</param>
    /// <param name="request">The request of the fill.</param>
    /// <param name="fill">Its answer.</param>
    /// <param name="progress">Receives the canvas of the whole fill; null when nobody looks.</param>
    /// <param name="cancellationToken">Checked between forwards.</param>
    /// <returns>The fill with other tokens in the window; the forwards are those of the window.</returns>
    public async Task<InfilledSpan> DenoiseAsync(
        IInfillEngine engine,
        InfillRequest request,
        InfilledSpan fill,
        IProgress<InfillCanvas>? progress,
        CancellationToken cancellationToken
    )
    {
        TextSpan span = fill.Span;
        int start = fill.Choices[To - 1].End;
        // Behind the last character only the token that ended the text may follow, and that is no text to keep.
        TokenChoice[] behind = start < fill.Text.Length ? [.. fill.Choices.Skip(To)] : [];
        string kept = fill.Text[start..];
        int leaves = Math.Max(From + 1, request.Options.MaxNewTokens - behind.Length);
        InfillRequest again = request with
        {
            Text = string.Concat(request.Text.AsSpan(0, span.Start), kept, request.Text.AsSpan(span.End)),
            Spans = [span with { Length = 0 }],
            Branch = fill.BranchAt(From),
            Options = request.Options with { MaxNewTokens = leaves, StopAtSuffix = request.Options.StopAtSuffix || kept.Length > 0 },
        };
        IProgress<InfillCanvas>? whole = progress is null || kept.Length == 0 ? progress : new WithText(progress, kept);
        InfillResult result = await engine.InfillAsync(again, whole, cancellationToken).ConfigureAwait(false);
        InfilledSpan other = result.Spans[0] with { Span = span };
        return kept.Length == 0 ? other : Join(other, kept, behind, fill);
    }

    private static InfilledSpan Join(InfilledSpan other, string kept, TokenChoice[] behind, InfilledSpan fill)
    {
        // The token that ended the window ends no text any more.
        int before = other.Text.Length == 0 ? 0 : other.Choices.TakeWhile(choice => choice.End < other.Text.Length).Count() + 1;
        int start = fill.Text.Length - kept.Length;
        TokenChoice[] moved = [.. behind.Select(choice => choice with { End = choice.End - start + other.Text.Length })];
        int tokens = behind.Where((choice, i) => choice.End > (i == 0 ? start : behind[i - 1].End)).Count();
        double[] confidences = [.. other.Confidences, .. fill.Confidences.TakeLast(tokens)];
        return other with
        {
            Text = other.Text + kept,
            Tokens = confidences.Length,
            Confidences = confidences,
            Choices = [.. other.Choices.Take(before), .. moved],
            Stop = fill.Stop,
        };
    }

    // The canvas of a window is one of the whole fill.
    private sealed class WithText(IProgress<InfillCanvas> progress, string kept) : IProgress<InfillCanvas>
    {
        public void Report(InfillCanvas value)
        {
            CanvasSpan window = value.Spans[0];
            progress.Report(value with { Spans = [window with { Text = window.Text + kept }] });
        }
    }
}
