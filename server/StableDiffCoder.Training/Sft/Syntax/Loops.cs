using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace StableDiffCoder.Training.Sft.Syntax;

/// <summary>What loops do with names.</summary>
internal static class Loops
{
    /// <summary>Whether an expression is assigned, counted up or down, or handed out by reference.</summary>
    public static bool IsChanged(ExpressionSyntax use) =>
        use.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == use,
            PrefixUnaryExpressionSyntax unary => unary.Kind()
                is SyntaxKind.PreIncrementExpression
                    or SyntaxKind.PreDecrementExpression
                    or SyntaxKind.AddressOfExpression,
            PostfixUnaryExpressionSyntax unary => unary.Kind() is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression,
            ArgumentSyntax argument => argument.RefKindKeyword.RawKind != 0 || argument.Parent is TupleExpressionSyntax,
            RefExpressionSyntax or ParenthesizedExpressionSyntax => true,
            _ => false,
        };
}
