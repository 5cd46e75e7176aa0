using System.Globalization;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>A piece of a file and the holes in it, so that holes whose contexts overlap share one text.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Offset">Where the piece begins in the file, in UTF-16 code units.</param>
/// <param name="Text">The piece, answers included.</param>
/// <param name="Holes">In the order in which they were drawn.</param>
public sealed record HoleExcerpt(string File, int Offset, string Text, IReadOnlyList<ExcerptHole> Holes)
{
    /// <summary>The holes, each with the context that it was drawn with.</summary>
    /// <exception cref="InvalidDataException">A hole's bounds are not in order or not in the text.</exception>
    public IEnumerable<Hole> Cut() => Holes.Select(Cut);

    /// <summary>Holes as excerpts: contexts of a file that overlap become one.</summary>
    /// <param name="holes">Each with an id "FILE#START", as <see cref="HoleSampler"/> makes them.</param>
    /// <returns>In the order in which the files come first.</returns>
    /// <exception cref="ArgumentException">An id is of another form.</exception>
    public static IEnumerable<HoleExcerpt> Of(IEnumerable<Hole> holes) =>
        holes.Select(Placed.At).GroupBy(hole => hole.File).SelectMany(Merge);

    private Hole Cut(ExcerptHole hole)
    {
        int[] bounds = [0, hole.From, hole.Start, hole.End, hole.To, Text.Length];
        if (!bounds.SequenceEqual(bounds.Order()))
        {
            throw new InvalidDataException($"the hole {hole} is not inside its text of {Text.Length} characters");
        }
        string id = string.Create(CultureInfo.InvariantCulture, $"{File}#{Offset + hole.Start}");
        return new Hole(id, hole.Kind, Text[hole.From..hole.Start], Text[hole.End..hole.To], Text[hole.Start..hole.End]);
    }

    private static IEnumerable<HoleExcerpt> Merge(IGrouping<string, Placed> file)
    {
        var open = new List<Placed>();
        string text = "";
        foreach (Placed hole in file.OrderBy(hole => hole.From))
        {
            int end = open.Count == 0 ? 0 : open[0].From + text.Length;
            if (open.Count > 0 && hole.From > end)
            {
                yield return Close(file, open, text);
                (open, text) = ([], "");
                end = 0;
            }
            text = open.Count == 0 ? hole.Text : text + hole.Text[Math.Min(hole.Text.Length, end - hole.From)..];
            open.Add(hole);
        }
        yield return Close(file, open, text);
    }

    private static HoleExcerpt Close(IGrouping<string, Placed> file, List<Placed> holes, string text)
    {
        int offset = holes[0].From;
        return new HoleExcerpt(file.Key, offset, text, [.. file.Where(holes.Contains).Select(hole => hole.Inside(offset))]);
    }

    /// <summary>A hole with its place in its file.</summary>
    private sealed record Placed(string File, int Start, Hole Hole)
    {
        public int From => Start - Hole.Prefix.Length;

        public string Text { get; } = Hole.Prefix + Hole.Answer + Hole.Suffix;

        public static Placed At(Hole hole)
        {
            int mark = hole.Id.LastIndexOf('#');
            return mark >= 0 && int.TryParse(hole.Id.AsSpan(mark + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int start)
                ? new Placed(hole.Id[..mark], start, hole)
                : throw new ArgumentException($"the hole's id '{hole.Id}' is not a file's name, '#' and a position");
        }

        public ExcerptHole Inside(int offset)
        {
            int start = Start - offset;
            int end = start + Hole.Answer.Length;
            return new ExcerptHole(Hole.Kind, start - Hole.Prefix.Length, start, end, end + Hole.Suffix.Length);
        }
    }
}

/// <summary>A hole of an excerpt; all positions count from the excerpt's begin.</summary>
/// <param name="Kind">What was cut out.</param>
/// <param name="From">Where the text before the hole begins.</param>
/// <param name="Start">Where the hole begins.</param>
/// <param name="End">Where it ends.</param>
/// <param name="To">Where the text after it ends.</param>
public sealed record ExcerptHole(HoleKind Kind, int From, int Start, int End, int To);
