using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Documents;

namespace StableDiffCoder.Lsp.Context;

/// <summary>Some lines of a text and the words in them.</summary>
/// <param name="Line">0-based number of the first line.</param>
/// <param name="Text">The lines.</param>
/// <param name="Words">See <see cref="Identifiers.Of"/>.</param>
internal sealed record CodeWindow(int Line, string Text, HashSet<string> Words);

/// <summary>Cuts texts into windows of lines that overlap by half.</summary>
internal static class CodeWindows
{
    /// <summary>Lines of a window.</summary>
    public const int Lines = 16;

    private const int MostWindows = 400;
    private const int LongestWindow = 4096;
    private const int LinesBefore = 24;
    private const int LinesBehind = 8;

    /// <summary>The windows of a text; of a long one the first 400.</summary>
    public static IReadOnlyList<CodeWindow> Of(DocumentSnapshot snapshot)
    {
        var windows = new List<CodeWindow>();
        for (int line = 0; windows.Count < MostWindows; line += Lines / 2)
        {
            if (At(snapshot, line) is CodeWindow window)
            {
                windows.Add(window);
            }
            if (line + Lines >= snapshot.Lines.Count)
            {
                break;
            }
        }
        return windows;
    }

    /// <summary>The window that begins at a line; null when there is nothing in it, or lines too long to be written by hand.</summary>
    public static CodeWindow? At(DocumentSnapshot snapshot, int line)
    {
        LineMap lines = snapshot.Lines;
        int start = lines.StartOfLine(Math.Clamp(line, 0, lines.Count - 1));
        int end = lines.EndOfLine(Math.Clamp(line + Lines - 1, 0, lines.Count - 1));
        if (end - start > LongestWindow)
        {
            return null;
        }
        string text = snapshot.Text[start..end];
        HashSet<string> words = Identifiers.Of(text);
        return words.Count == 0 ? null : new CodeWindow(line, text, words);
    }

    /// <summary>The lines around a cursor, at most 4096 characters on either side.</summary>
    public static TextSpan Around(DocumentSnapshot snapshot, int cursor)
    {
        LineMap lines = snapshot.Lines;
        int line = lines.LineOf(cursor);
        int start = Math.Max(lines.StartOfLine(Math.Max(0, line - LinesBefore)), cursor - LongestWindow);
        int end = Math.Min(lines.EndOfLine(Math.Min(lines.Count - 1, line + LinesBehind)), cursor + LongestWindow);
        return new TextSpan(start, Math.Max(cursor, end) - start);
    }
}
