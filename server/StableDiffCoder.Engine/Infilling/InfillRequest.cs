namespace StableDiffCoder.Engine.Infilling;

/// <summary>A text and the spans of it to be replaced by the model. A plain record: it survives a JSON round trip.</summary>
public sealed record InfillRequest
{
    /// <value>The whole document. Special tokens spelled in it are text, never control.</value>
    public required string Text { get; init; }

    /// <value>Spans to fill, in document order, not overlapping. An empty span is a cursor position.</value>
    public required IReadOnlyList<TextSpan> Spans { get; init; }

    /// <value>How to sample.</value>
    public InfillOptions Options { get; init; } = new();

    /// <value>Asks for another text than an earlier one, of a request that is otherwise the same and has one span. Default null.</value>
    public InfillBranch? Branch { get; init; }

    /// <value>
    /// Pieces of other files that help, the best first; they get at most <see cref="InfillOptions.SnippetTokens"/> of the window. The same ones in
    /// the same order keep what was computed for an earlier request. Default none.
    /// </value>
    public IReadOnlyList<ContextSnippet> Snippets { get; init; } = [];

    /// <summary>Throws when the spans do not fit the text, overlap, or an option is out of bounds.</summary>
    /// <exception cref="ArgumentException">Names the span or option, and what is allowed.</exception>
    public void Validate()
    {
        Options.Validate();
        Branch?.Validate(Options.MaxNewTokens);
        if (Branch is not null && Spans.Count != 1)
        {
            throw new ArgumentException($"branch goes with one span; there are {Spans.Count}");
        }
        if (Spans.Count == 0)
        {
            throw new ArgumentException("spans is empty; give at least one span");
        }
        for (int i = 0; i < Spans.Count; i++)
        {
            TextSpan span = Spans[i];
            if (span.Start < 0 || span.Length < 0 || span.Start > Text.Length - span.Length)
            {
                throw new ArgumentException(
                    $"span {i} is [{span.Start}, {span.Start + (long)span.Length}); the text has {Text.Length} UTF-16 units"
                );
            }
            if (i > 0 && (span.Start < Spans[i - 1].End || span == Spans[i - 1]))
            {
                throw new ArgumentException($"span {i} overlaps the span before it, or stands before it; sort them and keep them apart");
            }
        }
    }
}
