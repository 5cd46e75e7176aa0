using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Sft.Syntax;

namespace StableDiffCoder.Training.Sft.Kinds;

/// <summary>Hands a task on instead of awaiting it, where the await is the last thing that a method does and nothing is disposed of or caught behind it.</summary>
public sealed class RemoveAsync : IEditKind
{
    /// <inheritdoc/>
    public string Name => "remove-async";

    /// <inheritdoc/>
    public IReadOnlyList<string> Phrasings { get; } =
    [
        "remove async from {name}",
        "Return the task directly in {name}.",
        "{name} needs no async, return the task",
        "drop async and await in {name}",
        "make {name} return its task without awaiting it",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> HeldOutPhrasings { get; } =
    ["hand the task of {name} on instead of awaiting it", "`{name}` should not be async"];

    /// <inheritdoc/>
    public IEnumerable<EditSite> Find(EditSource source)
    {
        foreach (MethodDeclarationSyntax method in source.Root.DescendantNodes().OfType<MethodDeclarationSyntax>())
        {
            if (Site(source, method) is { } site)
            {
                yield return site;
            }
            // A method that hands its tasks on is what this edit leads to, whatever the types are.
            else if (!HasFinishedTask(method) && AddAsync.Awaiting(source, method) is { } reversed)
            {
                yield return reversed with
                {
                    IsReversed = true,
                };
            }
        }
    }

    private static EditSite? Site(EditSource source, MethodDeclarationSyntax method)
    {
        SyntaxToken async = method.Modifiers.FirstOrDefault(token => token.IsKind(SyntaxKind.AsyncKeyword));
        if (
            async.IsKind(SyntaxKind.None)
            || !AsyncTypes.IsTask(method.ReturnType)
            || source.Region(method) is not TextSpan region
            || Changes(source, method) is not { Count: > 0 } changes
        )
        {
            return null;
        }
        changes.Insert(0, new TextChange(TextSpan.FromBounds(async.SpanStart, async.GetNextToken().SpanStart), ""));
        return Sites.Of([region], changes).With("name", method.Identifier.Text);
    }

    private static bool HasFinishedTask(MethodDeclarationSyntax method) =>
        method.DescendantNodes().OfType<SimpleNameSyntax>().Any(name => name.Identifier.ValueText is "FromResult" or "CompletedTask");

    private static List<TextChange>? Changes(EditSource source, MethodDeclarationSyntax method)
    {
        bool hasResult = method.ReturnType is not IdentifierNameSyntax;
        if (method.ExpressionBody is { Expression: AwaitExpressionSyntax whole })
        {
            return Awaits(whole) == 1 && HandedOn(source, method, whole) is { } task ? [new TextChange(whole.Span, task)] : null;
        }
        if (method.Body is not { Statements.Count: > 0 } body)
        {
            return null;
        }
        SyntaxNode[] nodes = [.. Sites.OwnNodes(body)];
        bool holdsOn = nodes.Any(node =>
            node
                is TryStatementSyntax
                    or UsingStatementSyntax
                    or LockStatementSyntax
                    or CommonForEachStatementSyntax { AwaitKeyword.RawKind: not 0 }
            || node is LocalDeclarationStatementSyntax { UsingKeyword.RawKind: not 0 }
        );
        StatementSyntax[] exits = hasResult ? [.. nodes.OfType<ReturnStatementSyntax>()] : [body.Statements[^1]];
        if (holdsOn || (!hasResult && nodes.Any(node => node is ReturnStatementSyntax)) || Awaits(body) != exits.Length)
        {
            return null;
        }
        var changes = new List<TextChange>();
        foreach (StatementSyntax exit in exits)
        {
            var awaited = (exit as ReturnStatementSyntax)?.Expression ?? (exit as ExpressionStatementSyntax)?.Expression;
            if (awaited is not AwaitExpressionSyntax await || HandedOn(source, method, await) is not { } task)
            {
                return null;
            }
            changes.Add(new TextChange(exit.Span, $"return {task};"));
        }
        return changes;
    }

    private static int Awaits(SyntaxNode body) => Sites.OwnNodes(body).Count(node => node is AwaitExpressionSyntax);

    // The task itself, if it is certainly of the method's type.
    private static string? HandedOn(EditSource source, MethodDeclarationSyntax method, AwaitExpressionSyntax awaited)
    {
        ExpressionSyntax task = AsyncTypes.WithoutConfiguration(awaited.Expression);
        ITypeSymbol? type = source.Model.GetTypeInfo(task).Type;
        ITypeSymbol? wanted = source.Model.GetTypeInfo(method.ReturnType).Type;
        bool fits = Types.IsTask(type) && Types.IsKnown(type) && source.Model.Compilation.ClassifyConversion(type!, wanted!).IsImplicit;
        return fits && wanted is not { TypeKind: TypeKind.Error } ? task.ToString() : null;
    }
}
