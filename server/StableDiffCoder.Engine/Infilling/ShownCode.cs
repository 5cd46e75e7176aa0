namespace StableDiffCoder.Engine.Infilling;

/// <summary>
/// A span of code as a model is shown it: LF line ends, without the indentation that all its lines share, without its last line end. What
/// the model writes gets all of that back, so that lines it repeats come back unchanged.
/// </summary>
public sealed class ShownCode
{
    private readonly string indentation;
    private readonly string ownIndentation; // of the first line alone, where the span starts behind it
    private readonly string lineEnd;
    private readonly bool endsLine;
    private readonly FirstLine firstLine;

    private enum FirstLine
    {
        Whole,
        BehindIndentation,
        BehindCode,
    }

    private ShownCode(string text, string indentation, string ownIndentation, string lineEnd, bool endsLine, FirstLine firstLine)
    {
        Text = text;
        this.indentation = indentation;
        this.ownIndentation = ownIndentation;
        this.lineEnd = lineEnd;
        this.endsLine = endsLine;
        this.firstLine = firstLine;
    }

    /// <summary>What the model is shown.</summary>
    public string Text { get; }

    /// <summary>Takes a span of a document.</summary>
    /// <param name="text">The document.</param>
    /// <param name="span">Any span of it.</param>
    public static ShownCode Of(string text, TextSpan span)
    {
        bool endsInReturns = LineBreaks.EndsInReturns(text);
        text = LineBreaks.WithLineFeeds(text);
        string code = text.Substring(span.Start, span.Length);
        string lineEnd = endsInReturns ? "\r" : LineEndOf(code) ?? LineEndOf(text) ?? "\n";
        bool endsLine = code.EndsWith('\n');
        int lineStart = span.Start == 0 ? 0 : text.LastIndexOf('\n', span.Start - 1) + 1;
        string lead = text[lineStart..span.Start];
        FirstLine firstLine =
            lead.Length == 0 ? FirstLine.Whole
            : lead.All(IsIndentation) ? FirstLine.BehindIndentation
            : FirstLine.BehindCode;
        string[] lines = Lines(endsLine ? code[..^1] : code);
        string own = firstLine == FirstLine.BehindIndentation ? lead : "";
        string shared = SharedIndentation(lines, own, firstLine);
        own = own.Length > shared.Length ? own[shared.Length..] : "";
        var shown = new ShownCode("", shared, own, lineEnd, endsLine, firstLine);
        return new ShownCode(shown.Hide(lines), shared, own, lineEnd, endsLine, firstLine);
    }

    /// <summary>A new text of the span as the model would have to write it.</summary>
    public string Show(string newText)
    {
        string text = lineEnd == "\r" ? LineBreaks.WithLineFeeds(newText) : newText;
        return Hide(Lines(endsLine && text.EndsWith('\n') ? text[..^1] : text));
    }

    /// <summary>What a model wrote, as a new text of the span.</summary>
    public string Restore(string answer)
    {
        string[] lines = Lines(answer);
        // Models tend to indent as the text around does.
        bool isIndented = indentation.Length > 0 && AreIndented(lines) && !AreIndented(Lines(Text));
        for (int i = 0; i < lines.Length; i++)
        {
            bool isOwn = i > 0 || firstLine == FirstLine.Whole;
            if (IsBlank(lines[i]) || (!isOwn && firstLine == FirstLine.BehindCode))
            {
                continue;
            }
            lines[i] =
                !isOwn ? WithoutStart(lines[i], isIndented ? indentation + ownIndentation : ownIndentation)
                : isIndented ? lines[i]
                : indentation + lines[i];
        }
        string text = string.Join(lineEnd, lines);
        // A whole line that was deleted takes its end with it.
        return endsLine && text.Length > 0 ? text + lineEnd : text;
    }

    private bool AreIndented(string[] lines) =>
        lines.Any(line => !IsBlank(line)) && lines.All(line => IsBlank(line) || line.StartsWith(indentation, StringComparison.Ordinal));

    private string Hide(string[] lines)
    {
        var shown = new string[lines.Length];
        for (int i = 0; i < lines.Length; i++)
        {
            shown[i] =
                i == 0 && firstLine != FirstLine.Whole ? (IsBlank(lines[0]) ? lines[0] : ownIndentation + lines[0])
                : IsBlank(lines[i]) ? lines[i]
                : WithoutStart(lines[i], indentation);
        }
        return string.Join('\n', shown);
    }

    // As far as the line starts with it.
    private static string WithoutStart(string line, string start)
    {
        int length = line.AsSpan().CommonPrefixLength(start);
        return line[length..];
    }

    private static string SharedIndentation(string[] lines, string lead, FirstLine firstLine)
    {
        string? shared = firstLine == FirstLine.BehindIndentation ? lead : null;
        foreach (string line in lines.Skip(firstLine == FirstLine.Whole ? 0 : 1).Where(line => !IsBlank(line)))
        {
            string own = line[..line.AsSpan().IndexOfAnyExcept(' ', '\t')];
            shared = shared is null ? own : shared[..shared.AsSpan().CommonPrefixLength(own)];
        }
        // Behind code on its first line, a span's other lines have nothing that they could be measured by but each other.
        return shared ?? "";
    }

    private static string? LineEndOf(string text)
    {
        int at = text.IndexOf('\n', StringComparison.Ordinal);
        return at < 0 ? null
            : at > 0 && text[at - 1] == '\r' ? "\r\n"
            : "\n";
    }

    private static string[] Lines(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('\r').Split('\n');

    private static bool IsBlank(string line) => line.All(IsIndentation);

    private static bool IsIndentation(char c) => c is ' ' or '\t';
}
