using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace StableDiffCoder.Training.Corpus.Style;

/// <summary>Bodies of one expression get an arrow.</summary>
internal static class ExpressionBodyRules
{
    /// <summary>Longest expression, in characters, that still reads well behind an arrow.</summary>
    private const int LongestExpression = 100;

    /// <summary><c>get { return x; }</c> becomes <c>=&gt; x;</c>, and a method of one return likewise.</summary>
    public static void Collect(SyntaxNode root, TextEdits edits)
    {
        foreach (SyntaxNode node in root.DescendantNodes())
        {
            switch (node)
            {
                case BasePropertyDeclarationSyntax { AccessorList: { } list }:
                    Property(list, edits);
                    break;
                case MethodDeclarationSyntax { Body: { } body }:
                    Arrow(body, body.GetFirstToken().GetPreviousToken().Span.End, body.Span.End, edits);
                    break;
                default:
                    break;
            }
        }
    }

    private static void Property(AccessorListSyntax list, TextEdits edits)
    {
        if (
            list.Accessors is [{ Body: { } only, AttributeLists.Count: 0, Modifiers.Count: 0 } getter]
            && getter.IsKind(SyntaxKind.GetAccessorDeclaration)
        )
        {
            if (!ExpressionRules.HasComment(list))
            {
                Arrow(only, list.GetFirstToken().GetPreviousToken().Span.End, list.Span.End, edits);
            }
            return;
        }
        foreach (AccessorDeclarationSyntax accessor in list.Accessors)
        {
            if (accessor.Body is { } body)
            {
                Arrow(body, accessor.Keyword.Span.End, body.Span.End, edits);
            }
        }
    }

    private static void Arrow(BlockSyntax body, int start, int end, TextEdits edits)
    {
        ExpressionSyntax? expression = body.Statements is [var statement]
            ? statement switch
            {
                ReturnStatementSyntax given => given.Expression,
                ExpressionStatementSyntax done when body.Parent is AccessorDeclarationSyntax => done.Expression,
                _ => null,
            }
            : null;
        if (
            expression is null
            || expression.Span.Length > LongestExpression
            || expression.ToString().Contains('\n', StringComparison.Ordinal)
        )
        {
            return;
        }
        if (!ExpressionRules.HasComment(body))
        {
            edits.Replace(TextSpan.FromBounds(start, expression.SpanStart), " => ");
            edits.Replace(TextSpan.FromBounds(expression.Span.End, end), ";");
        }
    }
}
