namespace StableDiffCoder.Lsp.Editing.Syntax;

/// <summary>A new text read as if it stood in its place. All offsets are those of the new text.</summary>
internal sealed class NewTextScan
{
    // A string's start depends on the few characters before its quote: $@", rf".
    private const int LookBack = 16;

    private NewTextScan(BracketScan scan, IReadOnlyList<LexicalFrame> lineFrames, int shift)
    {
        Unopened = [.. scan.Unopened.Select(bracket => bracket with { Offset = bracket.Offset - shift })];
        Unclosed = [.. scan.Unclosed.Select(bracket => bracket with { Offset = bracket.Offset - shift })];
        FirstLiteralEnd = scan.FirstLiteralEnd - shift;
        Frame = scan.Frame;
        LineFrames = lineFrames;
    }

    /// <value>Closing brackets that the text itself did not open, left to right.</value>
    public IReadOnlyList<Bracket> Unopened { get; }

    /// <value>Opening brackets that the text itself does not close, outermost first.</value>
    public IReadOnlyList<Bracket> Unclosed { get; }

    /// <value>Where the text closes the string or comment that its place is in; null when it does not.</value>
    public int? FirstLiteralEnd { get; }

    /// <value>What the text's end is in.</value>
    public LexicalFrame Frame { get; }

    /// <value>What each line of the text begins in; the first is its place.</value>
    public IReadOnlyList<LexicalFrame> LineFrames { get; }

    /// <summary>Reads a new text.</summary>
    public static NewTextScan Of(EditContext context, string newText)
    {
        int start = context.Replaced.Start;
        int shift = Math.Min(LookBack, start);
        string text = string.Concat(context.Text.AsSpan(start - shift, shift), newText);
        LexicalFrame before = context.Surroundings.Before;
        BracketScan scan = BracketScan.Of(context.Language, text, shift, text.Length, before);
        return new NewTextScan(scan, FramesOfLines(context.Language, text, shift, before), shift);
    }

    private static List<LexicalFrame> FramesOfLines(LanguageSyntax language, string text, int start, LexicalFrame before)
    {
        var frames = new List<LexicalFrame> { before };
        var scanner = new LexicalScanner(language, text, start, text.Length, before);
        while (scanner.Read() is { Kind: not ScanEventKind.End } found)
        {
            if (found.Kind == ScanEventKind.LineStart)
            {
                frames.Add(scanner.Frame);
            }
        }
        return frames;
    }
}
