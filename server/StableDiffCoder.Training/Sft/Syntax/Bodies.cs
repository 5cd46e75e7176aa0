using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace StableDiffCoder.Training.Sft.Syntax;

/// <summary>Bodies of members.</summary>
internal static class Bodies
{
    /// <summary>The name of a member that may have either kind of body; null for any other member.</summary>
    public static string? NameOf(MemberDeclarationSyntax member) =>
        member switch
        {
            MethodDeclarationSyntax method => method.Identifier.Text,
            ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
            PropertyDeclarationSyntax property => property.Identifier.Text,
            IndexerDeclarationSyntax => "the indexer",
            OperatorDeclarationSyntax operation => $"operator {operation.OperatorToken.Text}",
            _ => null,
        };

    /// <summary>Whether a body returns a value: not so in constructors, void methods, and async methods that return a bare task.</summary>
    public static bool ReturnsValue(MemberDeclarationSyntax member) =>
        member switch
        {
            ConstructorDeclarationSyntax => false,
            MethodDeclarationSyntax method => !IsVoid(method.ReturnType)
                && !(method.Modifiers.Any(SyntaxKind.AsyncKeyword) && IsBareTask(method.ReturnType)),
            _ => true,
        };

    /// <summary>A brace pair around lines, from the end of a declaration's line on.</summary>
    public static string Block(EditSource source, string indentation, IEnumerable<string> lines) =>
        string.Concat([
            source.BracesOnOwnLines ? $"{source.LineEnd}{indentation}{{" : " {",
            .. lines.Select(line => $"{source.LineEnd}{indentation}{source.IndentUnit}{line}"),
            $"{source.LineEnd}{indentation}}}",
        ]);

    private static bool IsVoid(TypeSyntax type) => type is PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword };

    private static bool IsBareTask(TypeSyntax type) =>
        type is QualifiedNameSyntax qualified
            ? IsBareTask(qualified.Right)
            : type is IdentifierNameSyntax { Identifier.ValueText: "Task" or "ValueTask" };
}
