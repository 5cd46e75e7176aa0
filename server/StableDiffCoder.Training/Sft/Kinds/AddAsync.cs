using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Sft.Syntax;

namespace StableDiffCoder.Training.Sft.Kinds;

/// <summary>
/// Makes a method async: one that hands the task of its last call on awaits it, one that blocks on calls awaits them and returns a task.
/// </summary>
public sealed class AddAsync : IEditKind
{
    /// <inheritdoc/>
    public string Name => "add-async";

    /// <inheritdoc/>
    public IReadOnlyList<string> Phrasings { get; } =
    [
        "make {name} async",
        "Make {name} async and await its calls.",
        "turn {name} into an async method",
        "add async to {name} and await the tasks",
        "use async and await in {name}",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> HeldOutPhrasings { get; } =
    ["{name} should be an async method that awaits", "Convert `{name}` to async/await"];

    /// <inheritdoc/>
    public IEnumerable<EditSite> Find(EditSource source)
    {
        foreach (MethodDeclarationSyntax method in source.Root.DescendantNodes().OfType<MethodDeclarationSyntax>())
        {
            if ((Awaiting(source, method) ?? Blocking(source, method)) is { } site)
            {
                yield return site;
            }
        }
    }

    /// <summary>A method that hands tasks on and could await them.</summary>
    internal static EditSite? Awaiting(EditSource source, MethodDeclarationSyntax method) =>
        CanBeAsync(method) && AsyncTypes.IsTask(method.ReturnType) ? Site(source, method, Awaits(source, method)) : null;

    private static EditSite? Blocking(EditSource source, MethodDeclarationSyntax method) =>
        CanBeAsync(method) && !AsyncTypes.IsTask(method.ReturnType) ? Site(source, method, Unblocking(method)) : null;

    private static EditSite? Site(EditSource source, MethodDeclarationSyntax method, List<TextChange>? changes)
    {
        if (changes is null or { Count: 0 } || source.Region(method) is not TextSpan region)
        {
            return null;
        }
        changes.Add(new TextChange(method.ReturnType.Span, $"async {ReturnType(method)}"));
        return Sites.Of([region], [.. changes.OrderBy(change => change.Span)]).With("name", method.Identifier.Text);
    }

    private static bool CanBeAsync(MethodDeclarationSyntax method) =>
        (method.Body is not null || method.ExpressionBody is not null)
        && !method.Modifiers.Any(token => token.Kind() is SyntaxKind.AsyncKeyword or SyntaxKind.PartialKeyword or SyntaxKind.UnsafeKeyword)
        && method.ReturnType is not RefTypeSyntax
        && method.ParameterList.Parameters.All(parameter => parameter.Modifiers.All(token => token.IsKind(SyntaxKind.ThisKeyword)))
        && !method
            .DescendantNodes()
            .Any(node =>
                node
                    is YieldStatementSyntax
                        or LockStatementSyntax
                        or FixedStatementSyntax
                        or UnsafeStatementSyntax
                        or QueryExpressionSyntax
            );

    private static string ReturnType(MethodDeclarationSyntax method) =>
        AsyncTypes.IsTask(method.ReturnType) ? method.ReturnType.ToString()
        : AsyncTypes.IsVoid(method.ReturnType) ? "Task"
        : $"Task<{method.ReturnType}>";

    // Every task that is returned is awaited. In a try block that would change what is caught.
    private static List<TextChange>? Awaits(EditSource source, MethodDeclarationSyntax method)
    {
        bool hasResult = method.ReturnType is not IdentifierNameSyntax;
        if (method.ExpressionBody is { Expression: InvocationExpressionSyntax call })
        {
            return AsyncTypes.IsAsyncCall(call) ? [new TextChange(new TextSpan(call.SpanStart, 0), "await ")] : null;
        }
        if (method.Body is null)
        {
            return null;
        }
        var changes = new List<TextChange>();
        ReturnStatementSyntax[] returns = [.. Sites.OwnNodes(method.Body).OfType<ReturnStatementSyntax>()];
        foreach (ReturnStatementSyntax statement in returns)
        {
            bool isLast = statement == method.Body.Statements[^1];
            if (
                statement.Ancestors().TakeWhile(node => node != method).Any(node => node is TryStatementSyntax)
                || Returned(source, statement, hasResult, isLast) is not { } text
            )
            {
                return null;
            }
            changes.Add(new TextChange(statement.Span, text));
        }
        bool awaits = returns.Any(statement => statement.Expression is InvocationExpressionSyntax call && AsyncTypes.IsAsyncCall(call));
        return awaits ? changes : null;
    }

    private static string? Returned(EditSource source, ReturnStatementSyntax statement, bool hasResult, bool isLast)
    {
        if (statement.Expression is MemberAccessExpressionSyntax { Name.Identifier.ValueText: "CompletedTask" } && !hasResult && !isLast)
        {
            return "return;";
        }
        if (statement.Expression is not InvocationExpressionSyntax call)
        {
            return null;
        }
        if (hasResult)
        {
            bool isResult =
                call is { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.ValueText: "Task" } } }
                && Sites.LastName(call.Expression) == "FromResult";
            return isResult ? (call.ArgumentList.Arguments is [var only] ? $"return {only};" : null) : $"return await {call};";
        }
        return isLast ? $"await {call};"
            : statement.Parent is BlockSyntax ? $"await {call};{source.LineEnd}{source.Indentation(statement)}return;"
            : null;
    }

    // Calls that are waited for: FooAsync().Result, FooAsync().Wait(), FooAsync().GetAwaiter().GetResult().
    private static List<TextChange>? Unblocking(MethodDeclarationSyntax method)
    {
        bool isFixed = method.Modifiers.Any(token =>
            token.Kind() is SyntaxKind.OverrideKeyword or SyntaxKind.VirtualKeyword or SyntaxKind.AbstractKeyword
        );
        if (
            method.Body is null
            || isFixed
            || method.ExplicitInterfaceSpecifier is not null
            || method.Body.DescendantNodes().Any(node => node is CatchFilterClauseSyntax)
        )
        {
            return null;
        }
        var changes = new List<TextChange>();
        foreach (ExpressionSyntax expression in Sites.OwnNodes(method.Body).OfType<ExpressionSyntax>())
        {
            if (AsyncTypes.Blocked(expression) is not { } call)
            {
                continue;
            }
            bool isChained =
                expression.Parent
                is MemberAccessExpressionSyntax
                    or ElementAccessExpressionSyntax
                    or InvocationExpressionSyntax
                    or ConditionalAccessExpressionSyntax;
            if (call.DescendantNodes().OfType<ExpressionSyntax>().Any(inner => AsyncTypes.Blocked(inner) is not null))
            {
                return null;
            }
            changes.Add(new TextChange(expression.Span, isChained ? $"(await {call})" : $"await {call}"));
        }
        return changes;
    }
}
