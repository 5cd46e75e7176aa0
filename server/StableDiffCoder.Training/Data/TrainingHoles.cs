namespace StableDiffCoder.Training.Data;

/// <summary>
/// Chooses the hole of a fill-in-the-middle sample: the kinds of hole an editor asks for, and plain character spans so that a cursor inside
/// a word works too (Seed-Coder splits at characters).
/// </summary>
public static class TrainingHoles
{
    private const double RestOfLineShare = 0.4;
    private const double WholeLineShare = 0.3;
    private const double SeveralLinesShare = 0.15;
    private const int LongestCharacterSpan = 200;

    /// <summary>Chooses a hole of a text.</summary>
    /// <param name="text">At least one character.</param>
    /// <param name="random">Where the choice comes from.</param>
    /// <returns>A range of UTF-16 offsets, possibly empty.</returns>
    public static (int Start, int End) Choose(string text, SampleRandom random)
    {
        int at = random.NextInt(0, text.Length - 1);
        double kind = random.NextDouble();
        (int start, int end) =
            kind < RestOfLineShare ? RestOfLine(text, at, random)
            : kind < RestOfLineShare + WholeLineShare ? (LineContentStart(text, at), LineEnd(text, at))
            : kind < RestOfLineShare + WholeLineShare + SeveralLinesShare ? SeveralLines(text, at, random)
            : Characters(text, at, random);
        return (BeforePair(text, start), BeforePair(text, Math.Max(start, end)));
    }

    // From a token's start to the end of its line, wherever in the line's text; one in five starts inside a word.
    private static (int Start, int End) RestOfLine(string text, int at, SampleRandom random)
    {
        int content = LineContentStart(text, at);
        int end = LineEnd(text, at);
        at = content >= end ? content : random.NextInt(content, end - 1);
        bool insideWord = random.NextDouble() < 0.2;
        while (!insideWord && at > content && IsWord(text[at]) && IsWord(text[at - 1]))
        {
            at--;
        }
        while (at < end && text[at] is ' ' or '\t')
        {
            at++;
        }
        return (at, end);
    }

    private static (int Start, int End) SeveralLines(string text, int at, SampleRandom random)
    {
        int end = LineEnd(text, at);
        for (int lines = random.NextInt(1, 4); lines > 0 && end < text.Length - 2; lines--)
        {
            end = LineEnd(text, text[end] == '\r' ? end + 2 : end + 1);
        }
        return (random.NextDouble() < 0.5 ? at : LineContentStart(text, at), end);
    }

    private static (int Start, int End) Characters(string text, int at, SampleRandom random)
    {
        int length = (int)Math.Exp(random.NextDouble() * Math.Log(LongestCharacterSpan + 1));
        return (at, Math.Min(text.Length, at + length));
    }

    private static int LineContentStart(string text, int at)
    {
        int start = at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;
        while (start < text.Length && text[start] is ' ' or '\t')
        {
            start++;
        }
        return Math.Min(start, text.Length);
    }

    // Offset of the line break, or of the text's end.
    private static int LineEnd(string text, int at)
    {
        int end = text.AsSpan(Math.Min(at, text.Length)).IndexOf('\n');
        end = end < 0 ? text.Length : at + end;
        return end > at && text[end - 1] == '\r' ? end - 1 : end;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    // A hole never cuts a surrogate pair.
    private static int BeforePair(string text, int at) =>
        at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) && char.IsHighSurrogate(text[at - 1]) ? at - 1 : at;
}
