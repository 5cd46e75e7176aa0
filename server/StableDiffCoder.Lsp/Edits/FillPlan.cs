using System.Text;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Lsp.Edits;

/// <summary>What was filled into a requested span.</summary>
/// <param name="Span">What <paramref name="NewText"/> replaces.</param>
/// <param name="NewText">The new text, pinned pieces included.</param>
/// <param name="Holes">The fills it is made of.</param>
internal sealed record FilledSpan(TextSpan Span, string NewText, IReadOnlyList<InfilledSpan> Holes);

/// <summary>
/// The holes of a request: its spans without the pieces that are pinned, in the order of the document. Pinned text is known text for the model,
/// like everything else around a hole, and is taken from the document as it is.
/// </summary>
internal sealed class FillPlan
{
    private readonly string text;
    private readonly IReadOnlyList<TextSpan> spans;
    private readonly List<int> owners = []; // index of the span of each hole
    private readonly List<TextSpan> holes = [];

    /// <summary>Cuts spans.</summary>
    /// <param name="text">The document.</param>
    /// <param name="spans">In any order, apart from each other.</param>
    /// <param name="pinned">Each inside one of the spans.</param>
    /// <exception cref="ArgumentException">A pinned piece is in no span, or two overlap.</exception>
    public FillPlan(string text, IReadOnlyList<TextSpan> spans, IReadOnlyList<TextSpan> pinned)
    {
        this.text = text;
        this.spans = spans;
        TextSpan[] kept = [.. pinned.Where(piece => piece.Length > 0).OrderBy(piece => piece.Start)];
        for (int i = 0; i < kept.Length; i++)
        {
            if (!spans.Any(span => span.Start <= kept[i].Start && kept[i].End <= span.End))
            {
                throw new ArgumentException("a pinned range is in none of the spans; keep each inside one of them");
            }
            if (i > 0 && kept[i].Start < kept[i - 1].End)
            {
                throw new ArgumentException("two pinned ranges overlap; keep them apart");
            }
        }
        foreach (int span in Enumerable.Range(0, spans.Count).OrderBy(index => spans[index].Start).ThenBy(index => spans[index].Length))
        {
            Cut(span, [.. kept.Where(piece => spans[span].Start <= piece.Start && piece.End <= spans[span].End)]);
        }
    }

    /// <value>What the model is to fill; none when everything is pinned.</value>
    public IReadOnlyList<TextSpan> Holes => holes;

    /// <summary>Puts fills together, in the order of the requested spans.</summary>
    /// <param name="fills">One for each hole.</param>
    /// <param name="clean">The text of a fill as it goes into the document.</param>
    public IReadOnlyList<FilledSpan> Join(IReadOnlyList<InfilledSpan> fills, Func<InfilledSpan, string> clean) =>
        [
            .. spans.Select(
                (span, index) =>
                {
                    InfilledSpan[] own = [.. fills.Where((_, hole) => owners[hole] == index)];
                    // The engine may have moved a span's ends to whole characters.
                    TextSpan replaced = own.Length == 1 && !IsCut(index) ? own[0].Span : span;
                    string newText = Join(replaced, own.Select(fill => (fill.Span, clean(fill)))).Text;
                    return new FilledSpan(replaced, newText, own);
                }
            ),
        ];

    /// <summary>Puts the canvases of holes together, in the order of the requested spans.</summary>
    public IReadOnlyList<CanvasSpan> Join(InfillCanvas canvas) =>
        [
            .. spans.Select(
                (span, index) =>
                {
                    int[] own = [.. Enumerable.Range(0, holes.Count).Where(hole => owners[hole] == index)];
                    (string joined, List<int> starts) = Join(span, own.Select(hole => (holes[hole], canvas.Spans[hole].Text)));
                    double[] confidences = [.. own.Select(hole => canvas.Spans[hole].Confidence).Where(confidence => confidence > 0)];
                    return new CanvasSpan
                    {
                        Text = joined,
                        Masked =
                        [
                            .. own.Zip(
                                    starts,
                                    (hole, start) => canvas.Spans[hole].Masked.Select(mask => mask with { Start = mask.Start + start })
                                )
                                .SelectMany(masks => masks),
                        ],
                        Confidence = confidences.Length == 0 ? 0 : confidences.Average(),
                    };
                }
            ),
        ];

    private bool IsCut(int span) => owners.Count(owner => owner == span) != 1 || holes[owners.IndexOf(span)] != spans[span];

    private void Cut(int span, TextSpan[] pinned)
    {
        int start = spans[span].Start;
        foreach (TextSpan piece in pinned)
        {
            Add(span, start, piece.Start);
            start = piece.End;
        }
        if (pinned.Length == 0)
        {
            owners.Add(span);
            holes.Add(spans[span]);
        }
        else
        {
            Add(span, start, spans[span].End);
        }
    }

    // Pieces that touch leave no hole between them.
    private void Add(int span, int start, int end)
    {
        if (end > start)
        {
            owners.Add(span);
            holes.Add(new TextSpan(start, end - start));
        }
    }

    private (string Text, List<int> Starts) Join(TextSpan span, IEnumerable<(TextSpan Span, string Text)> fills)
    {
        var joined = new StringBuilder();
        var starts = new List<int>();
        int position = span.Start;
        foreach ((TextSpan hole, string fill) in fills)
        {
            joined.Append(text, position, hole.Start - position);
            starts.Add(joined.Length);
            joined.Append(fill);
            position = hole.End;
        }
        return (joined.Append(text, position, Math.Max(0, span.End - position)).ToString(), starts);
    }
}
