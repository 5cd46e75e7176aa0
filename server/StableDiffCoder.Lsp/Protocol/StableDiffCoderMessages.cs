using System.Text.Json;

namespace StableDiffCoder.Lsp.Protocol;

/// <summary>Parameters of <c>stableDiffCoder/infill</c> (docs/lsp-extensions.md): fill spans of an open document.</summary>
internal sealed record InfillParams
{
    /// <value>The document, and the version the ranges belong to.</value>
    public required OptionalVersionedTextDocumentIdentifier TextDocument { get; init; }

    /// <value>What to fill, in any order, not overlapping; an empty one is a cursor position.</value>
    public required IReadOnlyList<TextRange> Spans { get; init; }

    /// <value>Pieces of the spans that keep their text, each inside one of them; null pins nothing.</value>
    public IReadOnlyList<TextRange>? Pinned { get; init; }

    /// <value>Most new tokens a span, or a piece of it between pinned ones; null leaves the engine's default.</value>
    public int? MaxNewTokens { get; init; }

    /// <value>A string or an integer under which the canvas is shown; null when nobody looks.</value>
    public JsonElement? CanvasToken { get; init; }
}

/// <summary>Names a document and perhaps its version.</summary>
internal sealed record OptionalVersionedTextDocumentIdentifier
{
    /// <value>Its name, as the client spells it.</value>
    public required string Uri { get; init; }

    /// <value>Null when the client does not care.</value>
    public int? Version { get; init; }
}

/// <summary>The answer to <c>stableDiffCoder/infill</c>.</summary>
internal sealed record InfillResponse
{
    /// <value>The version of the document that the ranges belong to.</value>
    public required int Version { get; init; }

    /// <value>One for each requested span, in the request's order.</value>
    public required IReadOnlyList<InfillResponseSpan> Spans { get; init; }

    /// <value>The same as the smallest edits that make these fills, in the order of the document.</value>
    public required IReadOnlyList<TextEdit> Edits { get; init; }
}

/// <summary>The fill of one span.</summary>
internal sealed record InfillResponseSpan
{
    /// <value>What <see cref="NewText"/> replaces: the requested range, clamped to the document.</value>
    public required TextRange Range { get; init; }

    /// <value>The new text.</value>
    public required string NewText { get; init; }

    /// <value>New tokens.</value>
    public required int Tokens { get; init; }

    /// <value>Forwards of the model, prefill not counted.</value>
    public required int Forwards { get; init; }

    /// <value>Mean probability of the new tokens when they were chosen; 0 when there are none.</value>
    public required double Confidence { get; init; }
}
