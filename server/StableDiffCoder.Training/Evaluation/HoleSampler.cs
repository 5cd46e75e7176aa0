using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>Which holes to draw. The one source of these defaults.</summary>
public sealed record HoleSamplerOptions
{
    /// <value>Holes of each kind. Default 300.</value>
    public int PerKind { get; init; } = 300;

    /// <value>Kinds to draw. Default all.</value>
    public IReadOnlyList<HoleKind> Kinds { get; init; } = Enum.GetValues<HoleKind>();

    /// <value>Most characters kept before a hole, cut at a line's start; null keeps the whole file. Default null.</value>
    public int? PrefixLength { get; init; }

    /// <value>Most characters kept after a hole, cut at a line's end; null keeps the whole file. Default null.</value>
    public int? SuffixLength { get; init; }

    /// <value>Another seed draws other files and places. Default 0.</value>
    public int Seed { get; init; }
}

/// <summary>Draws holes from held-out files: files in seeded order, one hole of each kind a file, no two of which overlap.</summary>
public static class HoleSampler
{
    private const int SpanAttempts = 50;

    /// <summary>Draws.</summary>
    /// <param name="documents">Held-out files, such as the test split.</param>
    /// <param name="options">How many, and which.</param>
    /// <returns>The holes by kind; fewer than wanted when the files are too few.</returns>
    public static IReadOnlyList<Hole> Draw(IEnumerable<CorpusDocument> documents, HoleSamplerOptions options)
    {
        var holes = options.Kinds.ToDictionary(kind => kind, _ => new List<Hole>());
        foreach (CorpusDocument document in documents.OrderBy(document => SeededHash.Of(options.Seed, "hole-file", document.Path)))
        {
            if (holes.Values.All(found => found.Count >= options.PerKind))
            {
                break;
            }
            DrawFrom(document, holes, options);
        }
        return [.. options.Kinds.SelectMany(kind => holes[kind])];
    }

    private static void DrawFrom(CorpusDocument document, Dictionary<HoleKind, List<Hole>> holes, HoleSamplerOptions options)
    {
        var candidates = new CSharpHoles(document.Text);
        var taken = new List<TextSpan>();
        foreach ((HoleKind kind, List<Hole> found) in holes)
        {
            if (found.Count < options.PerKind && Choose(candidates, kind, taken, document.Path, options.Seed) is TextSpan span)
            {
                taken.Add(span);
                found.Add(Trim(candidates.Cut($"{document.Path}#{span.Start}", kind, span), options));
            }
        }
    }

    private static TextSpan? Choose(CSharpHoles candidates, HoleKind kind, List<TextSpan> taken, string path, int seed)
    {
        bool IsFree(TextSpan span) => !taken.Any(other => other.OverlapsWith(span));

        if (kind != HoleKind.RandomSpan)
        {
            TextSpan[] spans = [.. candidates.Of(kind).Where(IsFree)];
            return spans.Length == 0 ? null : spans[(int)(SeededHash.Unit(seed, $"hole-{kind}", path) * spans.Length)];
        }
        for (int attempt = 0; attempt < SpanAttempts; attempt++)
        {
            double start = SeededHash.Unit(seed, $"hole-start-{attempt}", path);
            double length = SeededHash.Unit(seed, $"hole-length-{attempt}", path);
            if (candidates.Span(start, length) is TextSpan span && IsFree(span))
            {
                return span;
            }
        }
        return null;
    }

    private static Hole Trim(Hole hole, HoleSamplerOptions options)
    {
        string prefix = hole.Prefix;
        if (options.PrefixLength is int before && prefix.Length > before)
        {
            int lineStart = prefix.IndexOf('\n', prefix.Length - before) + 1;
            prefix = prefix[(lineStart > 0 ? lineStart : prefix.Length - before)..];
        }
        string suffix = hole.Suffix;
        if (options.SuffixLength is int after && suffix.Length > after)
        {
            int lineEnd = suffix.LastIndexOf('\n', after - 1) + 1;
            suffix = suffix[..(lineEnd > 0 ? lineEnd : after)];
        }
        return hole with { Prefix = prefix, Suffix = suffix };
    }
}
