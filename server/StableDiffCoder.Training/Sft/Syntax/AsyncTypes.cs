using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace StableDiffCoder.Training.Sft.Syntax;

/// <summary>Tasks and calls that give them, as far as their names tell.</summary>
internal static class AsyncTypes
{
    /// <summary>Whether a type is written <c>Task</c> or <c>Task&lt;…&gt;</c>.</summary>
    public static bool IsTask(TypeSyntax type) => type is SimpleNameSyntax { Identifier.ValueText: "Task" };

    /// <summary>Whether a type is <c>void</c>.</summary>
    public static bool IsVoid(TypeSyntax type) =>
        type is PredefinedTypeSyntax predefined && predefined.Keyword.IsKind(SyntaxKind.VoidKeyword);

    /// <summary>Whether a method called …Async is called, <c>ConfigureAwait</c> behind it or not.</summary>
    public static bool IsAsyncCall(ExpressionSyntax expression) =>
        WithoutConfiguration(expression) is InvocationExpressionSyntax call
        && Sites.LastName(call.Expression)?.EndsWith("Async", StringComparison.Ordinal) == true;

    /// <summary>The expression before <c>.ConfigureAwait(…)</c>, or all of it.</summary>
    public static ExpressionSyntax WithoutConfiguration(ExpressionSyntax expression) =>
        expression
            is InvocationExpressionSyntax
            {
                Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "ConfigureAwait" } access
            }
            ? access.Expression
            : expression;

    /// <summary>The call that an expression blocks on; null when it does not.</summary>
    public static ExpressionSyntax? Blocked(ExpressionSyntax expression)
    {
        ExpressionSyntax? task = expression switch
        {
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Result" } result => result.Expression,
            InvocationExpressionSyntax
            {
                ArgumentList.Arguments.Count: 0,
                Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Wait" } wait,
                Parent: ExpressionStatementSyntax
            } => wait.Expression,
            InvocationExpressionSyntax
            {
                ArgumentList.Arguments.Count: 0,
                Expression: MemberAccessExpressionSyntax
                {
                    Name.Identifier.ValueText: "GetResult",
                    Expression: InvocationExpressionSyntax
                    {
                        Expression: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "GetAwaiter" } awaiter
                    }
                }
            } => awaiter.Expression,
            _ => null,
        };
        return task is not null && IsAsyncCall(task) ? task : null;
    }
}
