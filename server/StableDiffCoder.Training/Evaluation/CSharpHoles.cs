using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>
/// The places of a C# file where a hole may be. A hole has at least 8 characters that are not blank, and its line has no comment, is no
/// using, attribute or preprocessor line, is not compiled away, and holds no part of a token that spans lines.
/// </summary>
public sealed class CSharpHoles
{
    /// <summary>Fewest characters, blanks not counted, that a hole holds.</summary>
    public const int FewestCharacters = 8;

    private const int LongestSpan = 200;
    private const int FewestLines = 2;
    private const int MostLines = 4;

    private readonly string text;
    private readonly SourceText source;
    private readonly SyntaxNode root;
    private readonly HashSet<int> unusable = [];

    /// <summary>Parses a file.</summary>
    /// <param name="text">C# source; any line ends.</param>
    public CSharpHoles(string text)
    {
        this.text = text;
        root = CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.Parse)).GetRoot();
        source = root.SyntaxTree.GetText();
        MarkTrivia();
        MarkNodes();
    }

    /// <summary>The spans of all possible holes of a kind, in the file's order.</summary>
    /// <param name="kind">Any but random spans, of which there are too many; see <see cref="Span"/>.</param>
    public IReadOnlyList<TextSpan> Of(HoleKind kind) =>
        kind switch
        {
            HoleKind.MultiLine => Lines(),
            HoleKind.RandomSpan => [],
            _ => InOneLine(kind),
        };

    /// <summary>A span of characters, about as many short ones as long ones.</summary>
    /// <param name="start">Chance of the start, [0, 1).</param>
    /// <param name="length">Chance of the length, [0, 1).</param>
    /// <returns>The span; null where no hole may be.</returns>
    public TextSpan? Span(double start, double length)
    {
        int from = (int)(start * text.Length);
        int characters = (int)(FewestCharacters * Math.Pow((double)LongestSpan / FewestCharacters, length));
        var span = TextSpan.FromBounds(from, Math.Min(text.Length, from + characters));
        bool cutsPair = IsInsidePair(span.Start) || IsInsidePair(span.End);
        return !cutsPair && HasEnough(span) && Enumerable.Range(LineOf(span.Start), LineOf(span.End) - LineOf(span.Start) + 1).All(IsUsable)
            ? span
            : null;
    }

    private List<TextSpan> InOneLine(HoleKind kind)
    {
        var spans = new List<TextSpan>();
        foreach ((SyntaxToken token, bool isFirst) in Tokens())
        {
            if (isFirst == (kind == HoleKind.SingleLine) && IsUsable(LineOf(token.SpanStart)))
            {
                Add(token.SpanStart, source.Lines.GetLineFromPosition(token.SpanStart), spans);
            }
        }
        return spans;
    }

    private List<TextSpan> Lines()
    {
        var spans = new List<TextSpan>();
        Dictionary<int, int> starts = Tokens()
            .Where(token => token.IsFirst && IsUsable(LineOf(token.Token.SpanStart)))
            .ToDictionary(token => LineOf(token.Token.SpanStart), token => token.Token.SpanStart);
        foreach ((int line, int start) in starts)
        {
            for (int count = FewestLines; count <= MostLines && starts.ContainsKey(line + count - 1); count++)
            {
                Add(start, source.Lines[line + count - 1], spans);
            }
        }
        return spans;
    }

    // With whether a token is the first to begin on its line; a token that spans lines takes the rest of its last one.
    private IEnumerable<(SyntaxToken Token, bool IsFirst)> Tokens()
    {
        int lastLine = -1;
        foreach (SyntaxToken token in root.DescendantTokens().Where(token => token.Span.Length > 0))
        {
            bool isFirst = LineOf(token.SpanStart) != lastLine;
            lastLine = LineOf(token.Span.End);
            yield return (token, isFirst);
        }
    }

    private int LineOf(int position) => source.Lines.GetLineFromPosition(position).LineNumber;

    private bool IsUsable(int line) => !unusable.Contains(line);

    private bool IsInsidePair(int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) && char.IsHighSurrogate(text[at - 1]);

    /// <summary>Cuts a hole.</summary>
    /// <param name="id">The new hole's id.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="span">One of <see cref="Of"/>.</param>
    public Hole Cut(string id, HoleKind kind, TextSpan span) =>
        new(id, kind, text[..span.Start], text[span.End..], text.Substring(span.Start, span.Length));

    private void Add(int start, TextLine line, List<TextSpan> spans)
    {
        var span = new TextSpan(start, text.AsSpan(start, line.End - start).TrimEnd().Length);
        if (HasEnough(span))
        {
            spans.Add(span);
        }
    }

    private bool HasEnough(TextSpan span)
    {
        int characters = 0;
        foreach (char unit in text.AsSpan(span.Start, span.Length))
        {
            characters += char.IsWhiteSpace(unit) ? 0 : 1;
        }
        return characters >= FewestCharacters;
    }

    private void MarkTrivia()
    {
        foreach (SyntaxTrivia trivia in root.DescendantTrivia())
        {
            if (!trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia))
            {
                Mark(trivia.FullSpan);
            }
        }
    }

    private void MarkNodes()
    {
        foreach (SyntaxNodeOrToken item in root.DescendantNodesAndTokens())
        {
            if (item.AsNode() is UsingDirectiveSyntax or AttributeListSyntax or ExternAliasDirectiveSyntax)
            {
                Mark(item.Span);
            }
            else if (item.IsToken && source.Lines.GetLinePositionSpan(item.Span) is { } lines && lines.Start.Line != lines.End.Line)
            {
                Mark(item.Span);
            }
        }
    }

    private void Mark(TextSpan span)
    {
        int last = source.Lines.GetLineFromPosition(Math.Max(span.Start, span.End - 1)).LineNumber;
        for (int line = source.Lines.GetLineFromPosition(span.Start).LineNumber; line <= last; line++)
        {
            unusable.Add(line);
        }
    }
}
