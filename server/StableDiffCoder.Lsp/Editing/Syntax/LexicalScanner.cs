using System.Buffers;

namespace StableDiffCoder.Lsp.Editing.Syntax;

/// <summary>
/// Reads a text once, left to right, and says where brackets, strings, comments and lines begin and end. No grammar: enough to know what a
/// cursor is in. Never fails; an unfinished string ends with its line, as it does for a compiler.
/// </summary>
/// <param name="language">Its rules.</param>
/// <param name="text">The text; characters before <paramref name="start"/> are looked back at, e.g. for the <c>$</c> of a string.</param>
/// <param name="start">Where to begin.</param>
/// <param name="end">Where to stop.</param>
/// <param name="frame">What <paramref name="start"/> is in.</param>
internal sealed class LexicalScanner(LanguageSyntax language, string text, int start, int end, LexicalFrame frame)
{
    private static readonly SearchValues<char> CodeSigns = SearchValues.Create("()[]{}\"'`/#-;%<\r\n");
    private readonly LiteralOpening literals = new(language, text, end);
    private int position = start;

    /// <value>What the scan is in now.</value>
    public LexicalFrame Frame { get; private set; } = frame;

    /// <summary>The frame at the end of a stretch.</summary>
    public static LexicalFrame FrameAt(LanguageSyntax language, string text, int start, int end, LexicalFrame frame)
    {
        var scanner = new LexicalScanner(language, text, start, end, frame);
        while (scanner.Read().Kind != ScanEventKind.End) { }
        return scanner.Frame;
    }

    /// <summary>Goes on to the next event.</summary>
    public ScanEvent Read()
    {
        while (position < end)
        {
            char symbol = text[position];
            if (symbol is '\n' or '\r')
            {
                Frame = Frame.AtLineEnd();
                return NextLine();
            }
            ScanEvent? found = Frame.Kind switch
            {
                LexicalKind.Code => ReadCode(symbol),
                LexicalKind.LineComment or LexicalKind.Directive => SkipTo(text.AsSpan(position, end - position).IndexOfAny('\r', '\n')),
                LexicalKind.BlockComment => ReadComment(),
                _ => ReadString(symbol),
            };
            if (found is ScanEvent scanned)
            {
                return scanned;
            }
        }
        return new ScanEvent(ScanEventKind.End, end, '\0');
    }

    private ScanEvent NextLine()
    {
        bool pair = text[position] == '\r' && position + 1 < end && text[position + 1] == '\n';
        position += pair ? 2 : 1;
        return new ScanEvent(ScanEventKind.LineStart, position, '\0');
    }

    private ScanEvent? SkipTo(int distance)
    {
        position = distance < 0 ? end : position + distance;
        return null;
    }

    private ScanEvent? ReadCode(char symbol)
    {
        switch (symbol)
        {
            case '(' or '[' or '{':
                Frame = symbol == '{' && Frame.IsHole ? Frame with { Depth = Frame.Depth + 1 } : Frame;
                return Take(ScanEventKind.Open, 1);
            case ')' or ']' or '}':
                return CloseBracket(symbol);
        }
        if (literals.At(position, Frame) is (LexicalFrame opened, int length))
        {
            Frame = opened;
            return Take(ScanEventKind.LiteralStart, length);
        }
        int next = text.AsSpan(position + 1, end - position - 1).IndexOfAny(CodeSigns);
        return SkipTo(next < 0 ? -1 : next + 1);
    }

    private ScanEvent CloseBracket(char symbol)
    {
        if (symbol != '}' || !Frame.IsHole)
        {
            return Take(ScanEventKind.Close, 1);
        }
        if (Frame.Depth > 0)
        {
            Frame = Frame with { Depth = Frame.Depth - 1 };
            return Take(ScanEventKind.Close, 1);
        }
        // A raw string's hole is closed by as many braces as opened it.
        string hole = Frame.Outer!.Hole;
        int braces = hole[0] == '{' ? Math.Min(hole.Length, RunLength('}')) : 1;
        Frame = Frame.Outer;
        return Take(ScanEventKind.Close, braces);
    }

    private ScanEvent? ReadComment()
    {
        int next = text.AsSpan(position, end - position).IndexOfAny('\r', '\n', Frame.Close[0]);
        if (next != 0)
        {
            return SkipTo(next);
        }
        return StartsWith(Frame.Close) ? CloseLiteral(Frame.Close.Length) : SkipTo(1);
    }

    private ScanEvent? ReadString(char symbol)
    {
        if (symbol == '\\' && Frame.Escapes)
        {
            return SkipEscaped();
        }
        if (symbol is '[' or ']' && Frame.Close == "/")
        {
            Frame = Frame with { Depth = symbol == '[' ? 1 : 0 };
            return SkipTo(1);
        }
        if (StartsWith(Frame.Close) && Frame.Depth == 0)
        {
            if (Frame.DoubledClose && position + 1 < end && text[position + 1] == symbol)
            {
                return SkipTo(2);
            }
            return CloseLiteral(Frame.Kind == LexicalKind.RawString ? RunLength(symbol) : Frame.Close.Length);
        }
        return Frame.Hole.Length > 0 && StartsWith(Frame.Hole) ? ReadHole(symbol) : SkipTo(1);
    }

    private ScanEvent? SkipEscaped()
    {
        bool atLineEnd = position + 1 < end && text[position + 1] is '\r' or '\n';
        if (!atLineEnd)
        {
            return SkipTo(Math.Min(2, end - position));
        }
        position++;
        return Frame.Kind == LexicalKind.LineString && !language.Has(LiteralForms.LineContinuation) ? null : NextLine();
    }

    private ScanEvent? ReadHole(char symbol)
    {
        int run = symbol == '{' ? RunLength('{') : Frame.Hole.Length;
        if (Frame.Kind != LexicalKind.RawString && run > 1 && symbol == '{')
        {
            return SkipTo(2);
        }
        Frame = new LexicalFrame(LexicalKind.Code, Frame);
        ScanEvent opened = Take(ScanEventKind.Open, run);
        return opened with { Symbol = '{' };
    }

    private ScanEvent CloseLiteral(int length)
    {
        Frame = Frame.Outer ?? LexicalFrame.File;
        return Take(ScanEventKind.LiteralEnd, length);
    }

    private ScanEvent Take(ScanEventKind kind, int length)
    {
        var taken = new ScanEvent(kind, position, text[position]);
        position = Math.Min(end, position + length);
        return taken;
    }

    private bool StartsWith(string sign) =>
        position + sign.Length <= end && text.AsSpan(position).StartsWith(sign, StringComparison.Ordinal);

    private int RunLength(char symbol)
    {
        int length = text.AsSpan(position, end - position).IndexOfAnyExcept(symbol);
        return length < 0 ? end - position : length;
    }
}
