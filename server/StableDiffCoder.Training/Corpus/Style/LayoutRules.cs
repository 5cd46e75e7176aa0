using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace StableDiffCoder.Training.Corpus.Style;

/// <summary>Rules about white space.</summary>
internal static class LayoutRules
{
    private const int TabWidth = 4;

    /// <summary>The opening brace of a block that spans lines goes to its own line, and so do <c>else</c>, <c>catch</c> and <c>finally</c>.</summary>
    public static void BracesOnOwnLines(SyntaxNode root, TextEdits edits)
    {
        SourceText text = root.SyntaxTree.GetText();
        foreach (SyntaxToken token in root.DescendantTokens())
        {
            if (
                token.IsKind(SyntaxKind.OpenBraceToken) && OpensBlock(token)
                || token.Kind() is SyntaxKind.ElseKeyword or SyntaxKind.CatchKeyword or SyntaxKind.FinallyKeyword
            )
            {
                MoveToOwnLine(token, text, edits);
            }
        }
    }

    /// <summary><c>foo (x) [i]</c> becomes <c>foo(x)[i]</c>.</summary>
    public static void NoSpaceBeforeLists(SyntaxNode root, TextEdits edits)
    {
        foreach (SyntaxNode node in root.DescendantNodes())
        {
            bool isCall =
                node
                is ArgumentListSyntax
                    or AttributeArgumentListSyntax
                    or BracketedArgumentListSyntax
                    or TypeOfExpressionSyntax
                    or SizeOfExpressionSyntax
                    or DefaultExpressionSyntax;
            bool isDeclaration =
                node is BracketedParameterListSyntax
                || node
                    is ParameterListSyntax
                    {
                        Parent: BaseMethodDeclarationSyntax or DelegateDeclarationSyntax or LocalFunctionStatementSyntax
                    };
            if (!isCall && !isDeclaration)
            {
                continue;
            }
            SyntaxToken open = node.ChildTokens()
                .FirstOrDefault(token => token.Kind() is SyntaxKind.OpenParenToken or SyntaxKind.OpenBracketToken);
            SyntaxToken before = open.GetPreviousToken();
            if (before.TrailingTrivia is [var space] && space.IsKind(SyntaxKind.WhitespaceTrivia) && open.LeadingTrivia.Count == 0)
            {
                edits.Delete(before.Span.End, open.SpanStart);
            }
        }
    }

    /// <summary>Four spaces for each leading tab, no blanks at line ends, no two blank lines in a row; lines that begin inside a token stay.</summary>
    public static string SpacesForTabs(string text, SyntaxNode root)
    {
        HashSet<int> insideTokens = LinesInsideTokens(root);
        string[] lines = text.Split('\n');
        var result = new StringBuilder(text.Length);
        bool lastWasBlank = false;
        for (int i = 0; i < lines.Length; i++)
        {
            bool isInside = insideTokens.Contains(i);
            string line = isInside ? lines[i] : Expand(lines[i]).TrimEnd();
            if (!isInside && line.Length == 0 && lastWasBlank && i < lines.Length - 1)
            {
                continue;
            }
            lastWasBlank = !isInside && line.Length == 0;
            result.Append(line).Append(i < lines.Length - 1 ? "\n" : "");
        }
        return result.ToString();
    }

    /// <summary>Numbers (0-based) of the lines that begin inside a token, such as the later lines of a verbatim string.</summary>
    public static HashSet<int> LinesInsideTokens(SyntaxNode root)
    {
        var inside = new HashSet<int>();
        foreach (SyntaxToken token in root.DescendantTokens())
        {
            if (
                token.Span.Length > 1
                && token.Kind()
                    is SyntaxKind.StringLiteralToken
                        or SyntaxKind.MultiLineRawStringLiteralToken
                        or SyntaxKind.InterpolatedStringTextToken
            )
            {
                FileLinePositionSpan lines = token.GetLocation().GetLineSpan();
                inside.UnionWith(
                    Enumerable.Range(lines.StartLinePosition.Line + 1, lines.EndLinePosition.Line - lines.StartLinePosition.Line)
                );
            }
        }
        return inside;
    }

    private static bool OpensBlock(SyntaxToken brace) =>
        brace.Parent switch
        {
            BlockSyntax block => block.Parent is not AnonymousFunctionExpressionSyntax && SpansLines(block),
            AccessorListSyntax list => SpansLines(list),
            BaseTypeDeclarationSyntax or NamespaceDeclarationSyntax or SwitchStatementSyntax => SpansLines(brace.Parent),
            _ => false,
        };

    private static bool SpansLines(SyntaxNode node) => node.ToString().Contains('\n', StringComparison.Ordinal);

    private static void MoveToOwnLine(SyntaxToken token, SourceText text, TextEdits edits)
    {
        SyntaxToken before = token.GetPreviousToken();
        bool hasOnlyBlanks = before.TrailingTrivia.Concat(token.LeadingTrivia).All(trivia => trivia.IsKind(SyntaxKind.WhitespaceTrivia));
        if (before.IsKind(SyntaxKind.None) || !hasOnlyBlanks)
        {
            return;
        }
        TextLine line = text.Lines.GetLineFromPosition(before.SpanStart);
        string content = line.ToString();
        string indent = content[..(content.Length - content.TrimStart().Length)];
        edits.Replace(TextSpan.FromBounds(before.Span.End, token.SpanStart), "\n" + indent);
    }

    private static string Expand(string line)
    {
        int content = line.Length - line.TrimStart(' ', '\t').Length;
        if (!line.AsSpan(0, content).Contains('\t'))
        {
            return line;
        }
        int column = 0;
        foreach (char blank in line.AsSpan(0, content))
        {
            column = blank == '\t' ? (column / TabWidth + 1) * TabWidth : column + 1;
        }
        return new string(' ', column) + line[content..];
    }
}
