using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Sft.Syntax;

namespace StableDiffCoder.Training.Sft.Kinds;

/// <summary>Declares a local with <c>var</c> where its first value has exactly its type.</summary>
public sealed class ExplicitTypeToVar : IEditKind
{
    /// <inheritdoc/>
    public string Name => "type-to-var";

    /// <inheritdoc/>
    public IReadOnlyList<string> Phrasings { get; } =
    [
        "use var for {name}",
        "Declare {name} with var.",
        "replace the type of {name} by var",
        "var instead of {type} for {name}",
        "infer the type of {name}",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> HeldOutPhrasings { get; } = ["{name} can be a var", "Let the compiler infer `{name}`'s type"];

    /// <inheritdoc/>
    public IEnumerable<EditSite> Find(EditSource source)
    {
        foreach (LocalDeclarationStatementSyntax statement in source.Root.DescendantNodes().OfType<LocalDeclarationStatementSyntax>())
        {
            if (
                statement
                    is not {
                        IsConst: false,
                        Declaration: { Type: { IsVar: false } type, Variables: [{ Initializer.Value: { } value } only] }
                    }
                || type is RefTypeSyntax or ScopedTypeSyntax
                || !HasOwnType(value)
            )
            {
                continue;
            }
            IReadOnlyList<TextSpan> regions = source.Regions(statement, Sites.MemberOf(statement));
            if (regions.Count > 0 && AreSame(source.Model, type, value))
            {
                yield return Sites
                    .Of(regions, new TextChange(type.Span, "var"))
                    .With("name", only.Identifier.Text)
                    .With("type", type.ToString());
            }
        }
    }

    // Without a target type the expression has one all the same.
    private static bool HasOwnType(ExpressionSyntax value) =>
        value
            is not (
                ImplicitObjectCreationExpressionSyntax
                or CollectionExpressionSyntax
                or InitializerExpressionSyntax
                or AnonymousFunctionExpressionSyntax
                or StackAllocArrayCreationExpressionSyntax
                or ImplicitStackAllocArrayCreationExpressionSyntax
                or TupleExpressionSyntax
                or SwitchExpressionSyntax
                or ConditionalExpressionSyntax
                or RefExpressionSyntax
                or LiteralExpressionSyntax { RawKind: (int)SyntaxKind.DefaultLiteralExpression or (int)SyntaxKind.NullLiteralExpression }
                or ParenthesizedExpressionSyntax
            );

    private static bool AreSame(SemanticModel model, TypeSyntax type, ExpressionSyntax value)
    {
        TypeInfo given = model.GetTypeInfo(value);
        ITypeSymbol? declared = model.GetTypeInfo(type).Type;
        return Types.IsKnown(declared)
            && SymbolEqualityComparer.Default.Equals(given.Type, declared)
            && model.GetConversion(value).IsIdentity;
    }
}
