namespace StableDiffCoder.Engine.Infilling;

/// <summary>Why the text of a span ended.</summary>
public enum InfillStop
{
    /// <summary>The model ended the text itself (end-of-sentence token).</summary>
    Eos,

    /// <summary>The token budget was used up.</summary>
    Length,

    /// <summary>A stop string appeared.</summary>
    StopString,

    /// <summary>The text behind the span began again (<see cref="InfillOptions.StopAtSuffix"/>).</summary>
    Suffix,

    /// <summary>The time was up (<see cref="InfillOptions.DeadlineMilliseconds"/>); there may have been more to say.</summary>
    Deadline,
}

/// <summary>The answer to an <see cref="InfillRequest"/>. A plain record: it survives a JSON round trip.</summary>
public sealed record InfillResult
{
    /// <value>One entry per requested span, in the request's order.</value>
    public required IReadOnlyList<InfilledSpan> Spans { get; init; }

    /// <value>Name of the model that answered (its folder's name).</value>
    public required string Model { get; init; }

    /// <value>Wall-clock milliseconds from request to answer inside the engine.</value>
    public required double Milliseconds { get; init; }
}

/// <summary>The fill of one span.</summary>
public sealed record InfilledSpan
{
    /// <value>The span of the request's text that <see cref="Text"/> replaces.</value>
    public required TextSpan Span { get; init; }

    /// <value>The new text; ends before eos and before a stop string.</value>
    public required string Text { get; init; }

    /// <value>New tokens kept (before eos).</value>
    public required int Tokens { get; init; }

    /// <value>Denoising and commit forwards run for this span; prefill not counted.</value>
    public required int Forwards { get; init; }

    /// <value>Tokens of the prompt that the model saw for this span, control tokens included.</value>
    public int PromptTokens { get; init; }

    /// <value>Of these, tokens that an earlier request had computed already.</value>
    public int ReusedTokens { get; init; }

    /// <value>Why the text ended.</value>
    public required InfillStop Stop { get; init; }

    /// <value>Softmax probability of each kept token when it was revealed, in text order.</value>
    public IReadOnlyList<double> Confidences { get; init; } = [];

    /// <value>
    /// Every token that was chosen up to the end of <see cref="Text"/>, in text order: the kept ones, control tokens that leave no text, and
    /// the one that ended the text where <see cref="Stop"/> says so.
    /// </value>
    public IReadOnlyList<TokenChoice> Choices { get; init; } = [];

    /// <summary>What asks for another text that begins as this one does.</summary>
    /// <param name="position">Index of the first of <see cref="Choices"/> that may not come again.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such choice.</exception>
    public InfillBranch BranchAt(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, Choices.Count);
        return new InfillBranch { Kept = [.. Choices.Take(position)], Forbidden = [Choices[position].Id] };
    }

    /// <summary>The fill of a span for which there was no time at all.</summary>
    internal static InfilledSpan OutOfTime(TextSpan span) =>
        new()
        {
            Span = span,
            Text = "",
            Tokens = 0,
            Forwards = 0,
            Stop = InfillStop.Deadline,
        };
}
