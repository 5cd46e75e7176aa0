namespace StableDiffCoder.Engine.Infilling;

/// <summary>
/// Moves span ends that part a surrogate pair or a CR LF. A cursor goes before the character, as an editor shows it; the ends of a selection
/// move inwards, so that nothing is replaced that was not wholly selected.
/// </summary>
internal static class SpanBoundaries
{
    /// <summary>The same spans between whole characters; still in order and apart.</summary>
    public static IReadOnlyList<TextSpan> Settle(string text, IReadOnlyList<TextSpan> spans) =>
        [.. spans.Select(span => Settle(text, span))];

    private static TextSpan Settle(string text, TextSpan span)
    {
        bool startIsInside = LineBreaks.IsInsideCharacter(text, span.Start);
        if (span.Length == 0)
        {
            return startIsInside ? new TextSpan(span.Start - 1, 0) : span;
        }
        int start = startIsInside ? span.Start + 1 : span.Start;
        int end = LineBreaks.IsInsideCharacter(text, span.End) ? span.End - 1 : span.End;
        return new TextSpan(start, Math.Max(0, end - start));
    }
}
