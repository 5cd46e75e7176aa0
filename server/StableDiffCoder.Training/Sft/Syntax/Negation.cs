using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace StableDiffCoder.Training.Sft.Syntax;

/// <summary>The negation of a condition, as people write it.</summary>
internal static class Negation
{
    /// <summary>Negates.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="model">Knows whether a comparison has a plain opposite: with NaN or null it has none.</param>
    public static string Of(ExpressionSyntax condition, SemanticModel model) =>
        condition switch
        {
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression, Operand: ParenthesizedExpressionSyntax inner } =>
                inner.Expression.ToString(),
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not => not.Operand.ToString(),
            LiteralExpressionSyntax { RawKind: (int)SyntaxKind.TrueLiteralExpression } => "false",
            LiteralExpressionSyntax { RawKind: (int)SyntaxKind.FalseLiteralExpression } => "true",
            IsPatternExpressionSyntax { Pattern: ConstantPatternSyntax constant } pattern => $"{pattern.Expression} is not {constant}",
            IsPatternExpressionSyntax { Pattern: UnaryPatternSyntax { Pattern: ConstantPatternSyntax constant } } pattern =>
                $"{pattern.Expression} is {constant}",
            BinaryExpressionSyntax comparison when Opposite(comparison, model) is { } symbol =>
                $"{comparison.Left} {symbol} {comparison.Right}",
            IdentifierNameSyntax
            or MemberAccessExpressionSyntax
            or InvocationExpressionSyntax
            or ElementAccessExpressionSyntax
            or ParenthesizedExpressionSyntax => $"!{condition}",
            _ => $"!({condition})",
        };

    private static string? Opposite(BinaryExpressionSyntax comparison, SemanticModel model) =>
        comparison.Kind() switch
        {
            SyntaxKind.EqualsExpression => "!=",
            SyntaxKind.NotEqualsExpression => "==",
            SyntaxKind.LessThanExpression when IsOrdered(comparison, model) => ">=",
            SyntaxKind.LessThanOrEqualExpression when IsOrdered(comparison, model) => ">",
            SyntaxKind.GreaterThanExpression when IsOrdered(comparison, model) => "<=",
            SyntaxKind.GreaterThanOrEqualExpression when IsOrdered(comparison, model) => "<",
            _ => null,
        };

    private static bool IsOrdered(BinaryExpressionSyntax comparison, SemanticModel model) =>
        IsInteger(model.GetTypeInfo(comparison.Left).Type) && IsInteger(model.GetTypeInfo(comparison.Right).Type);

    private static bool IsInteger(ITypeSymbol? type) => type?.SpecialType is >= SpecialType.System_Char and <= SpecialType.System_UInt64;
}
