using System.Buffers;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Documents;

/// <summary>The line a cursor is on: what stands before it, what after.</summary>
/// <param name="Offset">The cursor in the text.</param>
/// <param name="Before">The line up to the cursor.</param>
/// <param name="After">The line from the cursor to its break.</param>
internal sealed record CursorLine(int Offset, string Before, string After)
{
    private const string Openers = "([{";
    private const string Closers = ")]}";
    private static readonly SearchValues<char> Brackets = SearchValues.Create(Openers + Closers);

    /// <summary>The cursor ends a line that opens a block, so more than one line is wanted.</summary>
    public bool OpensBlock => string.IsNullOrWhiteSpace(After) && Before.TrimEnd() is [.., '{' or ':'];

    /// <summary>Looks at the line of a position.</summary>
    public static CursorLine At(DocumentSnapshot snapshot, Position position)
    {
        LineMap lines = snapshot.Lines;
        int offset = lines.OffsetAt(position);
        int line = lines.LineOf(offset);
        return new CursorLine(offset, snapshot.Text[lines.StartOfLine(line)..offset], snapshot.Text[offset..lines.EndOfLine(line)]);
    }

    /// <summary>The part of a fill that is worth showing: no half line at the end of a block, and nothing that the line says already.</summary>
    public string Trim(InfilledSpan filled)
    {
        string text = filled.Text;
        if (!OpensBlock)
        {
            int lineBreak = text.AsSpan().IndexOfAny('\r', '\n');
            return WithoutEcho(lineBreak < 0 ? text : text[..lineBreak]);
        }
        int last = text.LastIndexOf('\n');
        return filled.Stop == InfillStop.Length && last > 0 ? text[..last].TrimEnd('\r') : text;
    }

    /// <summary>
    /// Drops an end of the text that repeats the beginning of what follows it. Brackets count as repeated only when the text closes more than
    /// it opens: in <c>f(|)</c> the fill <c>g(x)</c> needs its bracket, the fill <c>x)</c> does not.
    /// </summary>
    private string WithoutEcho(string text)
    {
        string after = After.TrimEnd();
        for (int length = Math.Min(text.Length, after.Length); length > 0; length--)
        {
            if (text.AsSpan(text.Length - length).SequenceEqual(after.AsSpan(0, length)))
            {
                string shorter = text[..^length];
                bool bracketed = after.AsSpan(0, length).ContainsAny(Brackets);
                bool echo = bracketed ? Excess(shorter) < Excess(text) : length == after.Length || length >= 3;
                return echo ? shorter : text;
            }
        }
        return text;
    }

    /// <summary>How many brackets a text closes that it did not open.</summary>
    private static int Excess(string text)
    {
        int open = 0;
        int excess = 0;
        foreach (char symbol in text)
        {
            open += Openers.Contains(symbol) ? 1 : 0;
            if (Closers.Contains(symbol))
            {
                excess += open == 0 ? 1 : 0;
                open -= open == 0 ? 0 : 1;
            }
        }
        return excess;
    }
}
