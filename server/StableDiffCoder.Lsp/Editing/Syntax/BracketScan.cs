namespace StableDiffCoder.Lsp.Editing.Syntax;

/// <summary>A bracket of code.</summary>
/// <param name="Symbol">One of <c>( ) [ ] { }</c>.</param>
/// <param name="Offset">Where it is.</param>
internal readonly record struct Bracket(char Symbol, int Offset);

/// <summary>What a stretch of text leaves open, and what it closes that it did not open.</summary>
internal sealed class BracketScan
{
    // How many brackets out a partner is looked for: enough for code, and a file of a million brackets takes no longer for it.
    private const int Reach = 256;

    private readonly List<Bracket> unopened = [];
    private readonly List<Bracket> unclosed = [];

    /// <value>Closing brackets that nothing in the stretch opened, left to right.</value>
    public IReadOnlyList<Bracket> Unopened => unopened;

    /// <value>Opening brackets that nothing in the stretch closed, outermost first.</value>
    public IReadOnlyList<Bracket> Unclosed => unclosed;

    /// <value>What the stretch's end is in.</value>
    public LexicalFrame Frame { get; private set; } = LexicalFrame.File;

    /// <value>Where the closing sign of the string or comment stands that the stretch began in; null when it does not end by a sign.</value>
    public int? FirstLiteralEnd { get; private set; }

    /// <summary>Scans a stretch.</summary>
    /// <param name="language">Its rules.</param>
    /// <param name="text">A text.</param>
    /// <param name="start">The stretch's start.</param>
    /// <param name="end">The stretch's end.</param>
    /// <param name="frame">What the start is in.</param>
    /// <param name="untilUnopened">Stops early, when so many brackets without an opening one have been found.</param>
    public static BracketScan Of(
        LanguageSyntax language,
        string text,
        int start,
        int end,
        LexicalFrame frame,
        int untilUnopened = int.MaxValue
    )
    {
        var scan = new BracketScan();
        var scanner = new LexicalScanner(language, text, start, end, frame);
        bool inFirst = frame.IsString || frame.IsComment;
        while (scan.unopened.Count < untilUnopened && scanner.Read() is { Kind: not ScanEventKind.End } found)
        {
            scan.Take(found);
            if (inFirst && ReferenceEquals(scanner.Frame, frame.Outer))
            {
                inFirst = false;
                scan.FirstLiteralEnd = found.Kind == ScanEventKind.LiteralEnd ? found.Offset : null;
            }
        }
        scan.Frame = scanner.Frame;
        return scan;
    }

    /// <summary>The bracket that closes an opening one.</summary>
    public static char Closing(char open) =>
        open switch
        {
            '(' => ')',
            '[' => ']',
            _ => '}',
        };

    /// <summary>Whether a character is a closing bracket.</summary>
    public static bool IsClosing(char symbol) => symbol is ')' or ']' or '}';

    private void Take(ScanEvent found)
    {
        if (found.Kind == ScanEventKind.Open)
        {
            unclosed.Add(new Bracket(found.Symbol, found.Offset));
        }
        if (found.Kind != ScanEventKind.Close)
        {
            return;
        }
        // An opening bracket that somebody forgot to close must not spoil everything around it: look further out for the partner.
        int reach = Math.Min(Reach, unclosed.Count);
        int partner = reach == 0 ? -1 : unclosed.FindLastIndex(unclosed.Count - 1, reach, open => Closing(open.Symbol) == found.Symbol);
        if (partner < 0)
        {
            unopened.Add(new Bracket(found.Symbol, found.Offset));
            return;
        }
        unclosed.RemoveRange(partner, unclosed.Count - partner);
    }
}
