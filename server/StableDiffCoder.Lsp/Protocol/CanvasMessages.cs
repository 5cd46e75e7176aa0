using System.Text.Json;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary><c>$/progress</c> for the <c>canvasToken</c> of a request (docs/lsp-extensions.md).</summary>
internal sealed record CanvasProgressParams
{
    /// <value>The request's token.</value>
    public required JsonElement Token { get; init; }

    /// <value>The canvas, in place of the one before.</value>
    public required CanvasValue Value { get; init; }
}

/// <summary>A canvas after a forward of the model.</summary>
internal sealed record CanvasValue
{
    /// <value>Forwards so far in this request.</value>
    public required int Step { get; init; }

    /// <value>One for each span, in the request's order.</value>
    public required IReadOnlyList<CanvasValueSpan> Spans { get; init; }
}

/// <summary>One span of a canvas.</summary>
internal sealed record CanvasValueSpan
{
    /// <value>The span's new text so far, with one character for each masked token.</value>
    public required string Text { get; init; }

    /// <value>Masked pieces of <see cref="Text"/>: pairs of start and end, in UTF-16 units.</value>
    public required IReadOnlyList<IReadOnlyList<int>> Masked { get; init; }

    /// <value>Mean probability of the decided tokens; 0 before there is one.</value>
    public required double Confidence { get; init; }

    /// <value>What <see cref="Text"/> stands for where that is not the requested range: a selection that has grown.</value>
    public TextRange? Range { get; init; }
}
