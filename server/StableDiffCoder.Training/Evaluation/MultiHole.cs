using System.Text;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Training.Corpus;
using RoslynSpan = Microsoft.CodeAnalysis.Text.TextSpan;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>A file with several pieces missing, and the pieces.</summary>
/// <param name="Id">Names the source.</param>
/// <param name="Texts">What stands around the holes: one more than there are answers.</param>
/// <param name="Answers">What stood in them.</param>
public sealed record MultiHole(string Id, IReadOnlyList<string> Texts, IReadOnlyList<string> Answers)
{
    /// <summary>The file with something in the holes.</summary>
    public string With(IReadOnlyList<string> fills) => string.Concat(Texts.Select((text, i) => text + (i < fills.Count ? fills[i] : "")));

    /// <summary>A request to fill all of them; each fill ends at its line end.</summary>
    /// <param name="options">How to sample.</param>
    public InfillRequest ToRequest(InfillOptions options)
    {
        (string text, List<TextSpan> places) = Place([]);
        return Request(text, places, options);
    }

    /// <summary>A request to fill the first hole that has no fill yet; nothing stands in those behind it.</summary>
    /// <param name="options">How to sample.</param>
    /// <param name="fills">Fills of the holes before it, fewer than there are holes.</param>
    public InfillRequest ToRequest(InfillOptions options, IReadOnlyList<string> fills)
    {
        (string text, List<TextSpan> places) = Place(fills);
        return Request(text, [places[fills.Count]], options);
    }

    private (string Text, List<TextSpan> Places) Place(IReadOnlyList<string> fills)
    {
        var places = new List<TextSpan>();
        var text = new StringBuilder();
        foreach ((int index, string piece) in Texts.SkipLast(1).Index())
        {
            text.Append(piece);
            places.Add(new TextSpan(text.Length, 0));
            text.Append(index < fills.Count ? fills[index] : "");
        }
        return (text.Append(Texts[^1]).ToString(), places);
    }

    private static InfillRequest Request(string text, IReadOnlyList<TextSpan> spans, InfillOptions options) =>
        new()
        {
            Text = text,
            Spans = spans,
            Options = options with { StopStrings = ["\n"] },
        };
}

/// <summary>Draws files with several single-line holes near each other: one a file, files in seeded order.</summary>
public static class MultiHoleSampler
{
    /// <summary>Farthest start of a hole from that of the first one, in characters: all of them fit a small model's context.</summary>
    public const int Reach = 300;

    /// <summary>Draws.</summary>
    /// <param name="documents">Held-out files.</param>
    /// <param name="holes">Holes a file.</param>
    /// <param name="files">How many files; fewer are drawn when too few have room.</param>
    /// <param name="seed">Another seed draws other files and places.</param>
    public static IReadOnlyList<MultiHole> Draw(IEnumerable<CorpusDocument> documents, int holes, int files, int seed) =>
        [
            .. documents
                .OrderBy(document => SeededHash.Of(seed, $"multi-hole-file-{holes}", document.Path))
                .Select(document => Draw(document, holes, seed))
                .OfType<MultiHole>()
                .Take(files),
        ];

    private static MultiHole? Draw(CorpusDocument document, int holes, int seed)
    {
        IReadOnlyList<RoslynSpan> lines = new CSharpHoles(document.Text).Of(HoleKind.SingleLine);
        if (lines.Count == 0)
        {
            return null;
        }
        int first = lines[(int)(SeededHash.Unit(seed, "multi-hole-first", document.Path) * lines.Count)].Start;
        RoslynSpan[] chosen =
        [
            .. lines
                .Where(line => line.Start >= first && line.Start - first <= Reach)
                .OrderBy(line => line.Start == first ? 0 : 1 + SeededHash.Of(seed, $"multi-hole-{line.Start}", document.Path) / 2)
                .Take(holes)
                .OrderBy(line => line.Start),
        ];
        return chosen.Length < holes ? null : Cut(document, chosen);
    }

    private static MultiHole Cut(CorpusDocument document, RoslynSpan[] spans)
    {
        var texts = new List<string>();
        int at = 0;
        foreach (RoslynSpan span in spans)
        {
            texts.Add(document.Text[at..span.Start]);
            at = span.End;
        }
        texts.Add(document.Text[at..]);
        return new MultiHole(
            $"{document.Path}#{spans[0].Start}",
            texts,
            [.. spans.Select(span => document.Text.Substring(span.Start, span.Length))]
        );
    }
}
