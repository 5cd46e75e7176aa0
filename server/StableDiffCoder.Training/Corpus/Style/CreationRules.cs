using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace StableDiffCoder.Training.Corpus.Style;

/// <summary>Rules for declarations that name the type twice.</summary>
internal static class CreationRules
{
    /// <summary>
    /// <c>Foo x = new Foo(1)</c> becomes <c>var x = new Foo(1)</c> for a local, <c>Foo x = new(1)</c> for a field, and
    /// <c>T[] x = new T[] { a }</c> becomes <c>T[] x = [a]</c>.
    /// </summary>
    public static void TargetTypedNew(SyntaxNode root, TextEdits edits)
    {
        foreach (VariableDeclarationSyntax declaration in root.DescendantNodes().OfType<VariableDeclarationSyntax>())
        {
            if (declaration.Variables.Count != 1 || declaration.Variables[0].Initializer is not { } initializer)
            {
                continue;
            }
            switch (initializer.Value)
            {
                case ObjectCreationExpressionSyntax creation when creation.Type.ToString() == declaration.Type.ToString():
                    Shorten(declaration, creation, edits);
                    break;
                case ArrayCreationExpressionSyntax { Initializer: { } items } array
                    when array.Type.ToString() == declaration.Type.ToString()
                        && array.Type.RankSpecifiers is [{ Rank: 1 }]
                        && !ExpressionRules.HasComment(items):
                    edits.Delete(array.SpanStart, items.SpanStart);
                    Bracket(items, edits);
                    break;
                default:
                    break;
            }
        }
    }

    private static void Shorten(VariableDeclarationSyntax declaration, ObjectCreationExpressionSyntax creation, TextEdits edits)
    {
        if (declaration.Parent is LocalDeclarationStatementSyntax or UsingStatementSyntax or ForStatementSyntax)
        {
            edits.Replace(declaration.Type.Span, "var");
        }
        else if (creation.ArgumentList is { } arguments)
        {
            edits.Delete(creation.NewKeyword.Span.End, arguments.SpanStart);
        }
    }

    private static void Bracket(InitializerExpressionSyntax items, TextEdits edits)
    {
        bool isOneLine = !items.ToString().Contains('\n', StringComparison.Ordinal);
        edits.Replace(items.OpenBraceToken.Span, "[");
        edits.Replace(items.CloseBraceToken.Span, "]");
        if (isOneLine && items.Expressions.Count > 0)
        {
            edits.Delete(items.OpenBraceToken.Span.End, items.Expressions[0].SpanStart);
            edits.Delete(items.Expressions[^1].Span.End, items.CloseBraceToken.SpanStart);
        }
    }
}
