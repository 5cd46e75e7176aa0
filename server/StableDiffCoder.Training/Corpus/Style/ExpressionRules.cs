using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace StableDiffCoder.Training.Corpus.Style;

/// <summary>Rules that change one expression or statement.</summary>
internal static class ExpressionRules
{
    private static readonly Dictionary<string, string> Keywords = new()
    {
        ["String"] = "string",
        ["Object"] = "object",
        ["Int32"] = "int",
        ["Boolean"] = "bool",
    };

    /// <summary><c>x == null</c> becomes <c>x is null</c>.</summary>
    public static void NullPatterns(SyntaxNode root, TextEdits edits)
    {
        foreach (BinaryExpressionSyntax test in root.DescendantNodes().OfType<BinaryExpressionSyntax>())
        {
            bool isEquality = test.IsKind(SyntaxKind.EqualsExpression) || test.IsKind(SyntaxKind.NotEqualsExpression);
            if (
                isEquality
                && test.Right.IsKind(SyntaxKind.NullLiteralExpression)
                && test.Left is not BinaryExpressionSyntax and not CastExpressionSyntax
            )
            {
                edits.Replace(test.OperatorToken.Span, test.IsKind(SyntaxKind.EqualsExpression) ? "is" : "is not");
            }
        }
    }

    /// <summary><c>!(x is T)</c> becomes <c>x is not T</c>.</summary>
    public static void NegatedPatterns(SyntaxNode root, TextEdits edits)
    {
        foreach (PrefixUnaryExpressionSyntax negation in root.DescendantNodes().OfType<PrefixUnaryExpressionSyntax>())
        {
            if (
                negation
                    is {
                        RawKind: (int)SyntaxKind.LogicalNotExpression,
                        Operand: ParenthesizedExpressionSyntax { Expression: BinaryExpressionSyntax test }
                    }
                && test.IsKind(SyntaxKind.IsExpression)
            )
            {
                edits.Replace(negation.Span, $"{test.Left} is not {test.Right}");
            }
        }
    }

    /// <summary><c>if (x == null) throw new ArgumentNullException("x");</c> becomes <c>ArgumentNullException.ThrowIfNull(x);</c>.</summary>
    public static void ArgumentNullChecks(SyntaxNode root, TextEdits edits)
    {
        foreach (IfStatementSyntax check in root.DescendantNodes().OfType<IfStatementSyntax>())
        {
            if (check.Else is null && NullTested(check.Condition) is string name && Thrown(check.Statement) == name && !HasComment(check))
            {
                edits.Replace(check.Span, $"ArgumentNullException.ThrowIfNull({name});");
            }
        }
    }

    /// <summary><c>new ArgumentNullException("x")</c> becomes <c>new ArgumentNullException(nameof(x))</c>.</summary>
    public static void NameOf(SyntaxNode root, TextEdits edits)
    {
        foreach (ObjectCreationExpressionSyntax creation in root.DescendantNodes().OfType<ObjectCreationExpressionSyntax>())
        {
            if (creation.Type.ToString() is not ("ArgumentNullException" or "ArgumentOutOfRangeException") || creation.ArgumentList is null)
            {
                continue;
            }
            if (
                creation.ArgumentList.Arguments.FirstOrDefault()?.Expression is LiteralExpressionSyntax literal
                && ParameterNames(creation).Contains(literal.Token.ValueText)
            )
            {
                edits.Replace(literal.Span, $"nameof({literal.Token.ValueText})");
            }
        }
    }

    /// <summary><c>String</c> becomes <c>string</c>.</summary>
    public static void KeywordTypes(SyntaxNode root, TextEdits edits)
    {
        foreach (IdentifierNameSyntax name in root.DescendantNodes().OfType<IdentifierNameSyntax>())
        {
            bool isType = name.Parent switch
            {
                MemberAccessExpressionSyntax access => access.Expression == name,
                ParameterSyntax or VariableDeclarationSyntax or MethodDeclarationSyntax or PropertyDeclarationSyntax => true,
                CastExpressionSyntax or TypeArgumentListSyntax or ArrayTypeSyntax or ObjectCreationExpressionSyntax => true,
                _ => false,
            };
            if (isType && Keywords.TryGetValue(name.Identifier.ValueText, out string? keyword))
            {
                edits.Replace(name.Span, keyword);
            }
        }
    }

    /// <summary>Whether a node holds a comment or a directive inside its span.</summary>
    public static bool HasComment(SyntaxNode node) =>
        node.DescendantTrivia(node.Span)
            .Any(trivia =>
                node.Span.Contains(trivia.Span) && !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia)
            );

    private static string? NullTested(ExpressionSyntax condition) =>
        condition switch
        {
            BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression, Left: IdentifierNameSyntax name } test
                when test.Right.IsKind(SyntaxKind.NullLiteralExpression) => name.Identifier.ValueText,
            IsPatternExpressionSyntax { Expression: IdentifierNameSyntax name, Pattern: ConstantPatternSyntax constant }
                when constant.Expression.IsKind(SyntaxKind.NullLiteralExpression) => name.Identifier.ValueText,
            _ => null,
        };

    private static string? Thrown(StatementSyntax body)
    {
        StatementSyntax? only = body is BlockSyntax block ? (block.Statements.Count == 1 ? block.Statements[0] : null) : body;
        return
            only is ThrowStatementSyntax { Expression: ObjectCreationExpressionSyntax { ArgumentList.Arguments.Count: 1 } creation }
            && creation.Type.ToString() == "ArgumentNullException"
            ? NamedBy(creation.ArgumentList.Arguments[0].Expression)
            : null;
    }

    private static string? NamedBy(ExpressionSyntax argument) =>
        argument switch
        {
            LiteralExpressionSyntax literal => literal.Token.ValueText,
            InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "nameof" } } call => call
                .ArgumentList.Arguments[0]
                .ToString(),
            _ => null,
        };

    private static IEnumerable<string> ParameterNames(SyntaxNode node) =>
        node.Ancestors()
            .OfType<BaseMethodDeclarationSyntax>()
            .SelectMany(method => method.ParameterList.Parameters)
            .Select(parameter => parameter.Identifier.ValueText);
}
