namespace StableDiffCoder.Engine.Infilling;

/// <summary>What the canvas looks like after a denoising step; reported while a request runs. Later frames replace earlier ones.</summary>
public sealed record InfillCanvas
{
    /// <value>Forwards run so far in this request, over all spans.</value>
    public required int Step { get; init; }

    /// <value>One entry per requested span, in the request's order.</value>
    public required IReadOnlyList<CanvasSpan> Spans { get; init; }
}

/// <summary>The present state of one span.</summary>
public sealed record CanvasSpan
{
    /// <summary>What a masked token looks like inside <see cref="Text"/>.</summary>
    public const char MaskGlyph = '▒';

    /// <value>Decided text with one <see cref="MaskGlyph"/> for each token that is still masked.</value>
    public required string Text { get; init; }

    /// <value>Ranges of <see cref="Text"/> that are masks.</value>
    public required IReadOnlyList<TextSpan> Masked { get; init; }

    /// <value>The tokens before the first mask, which no later step changes, in text order; the one that ended the text too.</value>
    public IReadOnlyList<TokenChoice> Leading { get; init; } = [];

    /// <value>Mean confidence of the decided tokens, 0 when none is.</value>
    public required double Confidence { get; init; }
}
