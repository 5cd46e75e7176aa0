using StableDiffCoder.Cli.Infilling;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Cli.Display;

/// <summary>What a piece of the canvas is.</summary>
internal enum CanvasPieceKind
{
    /// <summary>Text of the file.</summary>
    Context,

    /// <summary>Text that the model has decided.</summary>
    Decided,

    /// <summary>Tokens that are still masked.</summary>
    Masked,
}

/// <summary>A piece of one line.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Without line ends.</param>
/// <param name="Confidence">Of the span it belongs to, 0 to 1.</param>
internal readonly record struct CanvasPiece(CanvasPieceKind Kind, string Text, double Confidence);

/// <summary>A line of the canvas.</summary>
/// <param name="Number">Its number in the new text, from 1; 0 marks lines left out.</param>
/// <param name="IsTouched">Whether the model writes here.</param>
/// <param name="Pieces">From left to right.</param>
internal sealed record CanvasLine(int Number, bool IsTouched, IReadOnlyList<CanvasPiece> Pieces)
{
    /// <summary>Whether something is masked here.</summary>
    public bool IsMasked => Pieces.Any(piece => piece.Kind == CanvasPieceKind.Masked);
}

/// <summary>Lays the present state of all spans into the text around them.</summary>
/// <param name="file">The file.</param>
/// <param name="spans">In document order.</param>
internal sealed class CanvasText(SourceFile file, IReadOnlyList<TextSpan> spans)
{
    private const int ContextLines = 3;

    /// <summary>The lines near the spans; a line with number 0 stands between regions.</summary>
    /// <param name="states">One a span.</param>
    public IReadOnlyList<CanvasLine> Lines(IReadOnlyList<CanvasSpan> states)
    {
        var builder = new LineBuilder();
        int shown = 0;
        int added = 0;
        for (int i = 0; i < spans.Count; i++)
        {
            int first = Math.Max(0, LineAt(spans[i].Start) - ContextLines);
            int regionStart = file.Lines.Start(first);
            if (i == 0 || regionStart > shown)
            {
                if (i > 0)
                {
                    builder.Gap();
                }
                builder.Number = first + 1 + added;
                shown = regionStart;
            }
            builder.Append(CanvasPieceKind.Context, file.Text[shown..spans[i].Start], 0);
            AppendSpan(builder, states[i]);
            added += Newlines(states[i].Text) - Newlines(file.Text.Substring(spans[i].Start, spans[i].Length));
            int next = i + 1 < spans.Count ? spans[i + 1].Start : file.Text.Length;
            shown = Math.Min(next, EndOfContext(spans[i].End));
            builder.Append(CanvasPieceKind.Context, file.Text[spans[i].End..shown], 0);
        }
        return builder.Finish();
    }

    private int LineAt(int offset) => file.Lines.PositionAt(offset).Line;

    private int EndOfContext(int offset)
    {
        int last = Math.Min(file.Lines.Count - 1, LineAt(offset) + ContextLines);
        // The empty line behind the file's last line end is not worth showing.
        last -= last == file.Lines.Count - 1 && file.Lines.Length(last) == 0 && file.Lines.Start(last) > offset ? 1 : 0;
        return file.Lines.Start(last) + file.Lines.Length(last);
    }

    private static int Newlines(string text) => text.Count(character => character == '\n');

    private static void AppendSpan(LineBuilder builder, CanvasSpan state)
    {
        int position = 0;
        foreach (TextSpan mask in state.Masked)
        {
            builder.Append(CanvasPieceKind.Decided, state.Text[position..mask.Start], state.Confidence);
            builder.Append(CanvasPieceKind.Masked, state.Text.Substring(mask.Start, mask.Length), state.Confidence);
            position = mask.End;
        }
        builder.Append(CanvasPieceKind.Decided, state.Text[position..], state.Confidence);
    }

    private sealed class LineBuilder
    {
        private readonly List<CanvasLine> lines = [];
        private List<CanvasPiece> pieces = [];
        private bool touched;

        public int Number { get; set; } = 1;

        public void Append(CanvasPieceKind kind, string text, double confidence)
        {
            string[] parts = text.Split('\n');
            for (int i = 0; i < parts.Length; i++)
            {
                if (i > 0)
                {
                    EndLine();
                }
                touched |= kind != CanvasPieceKind.Context && text.Length > 0;
                string part = TerminalText.Printable(parts[i].TrimEnd('\r'));
                if (part.Length > 0)
                {
                    pieces.Add(new CanvasPiece(kind, part, confidence));
                }
            }
        }

        public void Gap()
        {
            EndLine();
            lines.Add(new CanvasLine(0, false, []));
        }

        public List<CanvasLine> Finish()
        {
            EndLine();
            return lines;
        }

        private void EndLine()
        {
            lines.Add(new CanvasLine(Number++, touched, pieces));
            pieces = [];
            touched = false;
        }
    }
}
