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
    public IReadOnlyList<TextSpan> Of(HoleKind kind)
    {
        var spans = new List<TextSpan>();
        int lastLine = -1;
        foreach (SyntaxToken token in root.DescendantTokens().Where(token => token.Span.Length > 0))
        {
            TextLine line = source.Lines.GetLineFromPosition(token.SpanStart);
            bool isFirst = line.LineNumber != lastLine;
            lastLine = source.Lines.GetLineFromPosition(token.Span.End).LineNumber;
            if (isFirst == (kind == HoleKind.SingleLine) && !unusable.Contains(line.LineNumber))
            {
                Add(token.SpanStart, line, spans);
            }
        }
        return spans;
    }

    /// <summary>Cuts a hole.</summary>
    /// <param name="id">The new hole's id.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="span">One of <see cref="Of"/>.</param>
    public Hole Cut(string id, HoleKind kind, TextSpan span) =>
        new(id, kind, text[..span.Start], text[span.End..], text.Substring(span.Start, span.Length));

    private void Add(int start, TextLine line, List<TextSpan> spans)
    {
        int length = text.AsSpan(start, line.End - start).TrimEnd().Length;
        int characters = 0;
        foreach (char unit in text.AsSpan(start, length))
        {
            characters += char.IsWhiteSpace(unit) ? 0 : 1;
        }
        if (characters >= FewestCharacters)
        {
            spans.Add(new TextSpan(start, length));
        }
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
