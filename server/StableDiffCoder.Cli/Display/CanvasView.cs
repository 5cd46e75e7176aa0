using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace StableDiffCoder.Cli.Display;

/// <summary>One frame of the live display: the lines around the spans, with what is decided and what is masked, and a footer.</summary>
/// <param name="lines">The canvas.</param>
/// <param name="footer">A line of figures.</param>
/// <param name="maxLines">Most lines of canvas; what is masked stays in view.</param>
internal sealed class CanvasView(IReadOnlyList<CanvasLine> lines, string footer, int maxLines) : Renderable
{
    private static readonly Style Gutter = new(new Color(88, 88, 98));
    private static readonly Style TouchedGutter = new(new Color(175, 135, 255));
    private static readonly Style Context = new(new Color(150, 150, 160));
    private static readonly Style Masked = new(new Color(135, 95, 215));
    private static readonly Style Footer = new(new Color(120, 120, 130), decoration: Decoration.Italic);

    /// <inheritdoc/>
    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        foreach (CanvasLine line in Window())
        {
            foreach (Segment segment in Segment.Truncate(LineSegments(line), maxWidth - 1))
            {
                yield return segment;
            }
            yield return Segment.LineBreak;
        }
        yield return Segment.LineBreak;
        yield return Segment.Truncate(new Segment($"  {footer}", Footer), maxWidth - 1) ?? Segment.Empty;
        yield return Segment.LineBreak;
    }

    // Around the last line with a mask, or the last one that the model wrote.
    private IEnumerable<CanvasLine> Window()
    {
        if (lines.Count <= maxLines)
        {
            return lines;
        }
        int focus = LastIndex(line => line.IsMasked);
        focus = focus < 0 ? LastIndex(line => line.IsTouched) : focus;
        int start = Math.Clamp(focus - maxLines / 2, 0, lines.Count - maxLines);
        return lines.Skip(start).Take(maxLines);
    }

    private int LastIndex(Func<CanvasLine, bool> condition)
    {
        for (int i = lines.Count - 1; i >= 0; i--)
        {
            if (condition(lines[i]))
            {
                return i;
            }
        }
        return -1;
    }

    private static IEnumerable<Segment> LineSegments(CanvasLine line)
    {
        if (line.Number == 0)
        {
            yield return new Segment("    ⋮", Gutter);
            yield break;
        }
        string number = line.Number.ToString(CultureInfo.InvariantCulture).PadLeft(5);
        yield return new Segment($"{number} {(line.IsTouched ? '┃' : '│')} ", line.IsTouched ? TouchedGutter : Gutter);
        foreach (CanvasPiece piece in line.Pieces)
        {
            yield return new Segment(piece.Text, StyleOf(piece));
        }
    }

    private static Style StyleOf(CanvasPiece piece) =>
        piece.Kind switch
        {
            CanvasPieceKind.Decided => new Style(OfConfidence(piece.Confidence), decoration: Decoration.Bold),
            CanvasPieceKind.Masked => Masked,
            _ => Context,
        };

    // From orange (a guess) to green (sure).
    private static Color OfConfidence(double confidence)
    {
        double share = Math.Clamp((confidence - 0.2) / 0.75, 0, 1);
        return new Color(Mix(255, 120, share), Mix(170, 235, share), Mix(70, 130, share));
    }

    private static byte Mix(double from, double to, double share) => (byte)Math.Round(from + (to - from) * share);
}
