using Microsoft.CodeAnalysis;

namespace StableDiffCoder.Training.Sft.Syntax;

/// <summary>What is known of types when a file is compiled alone.</summary>
internal static class Types
{
    /// <summary>Whether a type is known in all its parts.</summary>
    public static bool IsKnown(ITypeSymbol? type) =>
        type switch
        {
            null => false,
            { TypeKind: TypeKind.Error or TypeKind.Dynamic } => false,
            IArrayTypeSymbol array => IsKnown(array.ElementType),
            IPointerTypeSymbol => false,
            INamedTypeSymbol named => !named.IsAnonymousType
                && named.TypeArguments.All(IsKnown)
                && (named.ContainingType is null || IsKnown(named.ContainingType)),
            _ => true,
        };

    /// <summary>How a type is written at a position.</summary>
    public static string Write(ITypeSymbol type, SemanticModel model, int position) => type.ToMinimalDisplayString(model, position);

    /// <summary>Whether a type is <c>Task</c> or <c>Task&lt;T&gt;</c>.</summary>
    public static bool IsTask(ITypeSymbol? type) =>
        type is INamedTypeSymbol { Name: "Task", ContainingNamespace: { } space } && space.ToDisplayString() == "System.Threading.Tasks";

    /// <summary>Whether a type has an indexer that its order of items follows and whose items are its own: a plain array or a List.</summary>
    public static ITypeSymbol? ItemOf(ITypeSymbol? type) =>
        type switch
        {
            IArrayTypeSymbol { Rank: 1 } array => array.ElementType,
            INamedTypeSymbol { Name: "List", TypeArguments: [var item], ContainingNamespace: { } space }
                when space.ToDisplayString() == "System.Collections.Generic" => item,
            _ => null,
        };

    /// <summary>Whether reading a copy of a value is the same as reading the value: false for structs whose methods may change them.</summary>
    public static bool CopiesAlike(ITypeSymbol? type) =>
        IsKnown(type)
        && (
            type!.IsReferenceType
            || type.TypeKind == TypeKind.Enum
            || type.SpecialType is >= SpecialType.System_Boolean and <= SpecialType.System_String
        );
}
