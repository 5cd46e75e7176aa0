using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Sft.Syntax;

namespace StableDiffCoder.Training.Sft.Kinds;

/// <summary>Makes a private field readonly that nothing but its initializer and its class's constructors assigns.</summary>
public sealed class ReadonlyField : IEditKind
{
    /// <inheritdoc/>
    public string Name => "readonly-field";

    /// <inheritdoc/>
    public IReadOnlyList<string> Phrasings { get; } =
    [
        "make {name} readonly",
        "Make the field {name} readonly.",
        "add readonly to {name}",
        "mark {name} as readonly",
        "{name} never changes, make it readonly",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> HeldOutPhrasings { get; } =
    ["{name} should be a readonly field", "declare `{name}` with the readonly modifier"];

    /// <inheritdoc/>
    public IEnumerable<EditSite> Find(EditSource source)
    {
        foreach (ClassDeclarationSyntax type in source.Root.DescendantNodes().OfType<ClassDeclarationSyntax>())
        {
            // Another file's part might assign it.
            if (type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().Any(outer => outer.Modifiers.Any(SyntaxKind.PartialKeyword)))
            {
                continue;
            }
            foreach (FieldDeclarationSyntax field in type.Members.OfType<FieldDeclarationSyntax>())
            {
                if (IsCandidate(field) && source.Region(field) is TextSpan region && IsSafe(source, type, field))
                {
                    var change = new TextChange(new TextSpan(field.Declaration.Type.SpanStart, 0), "readonly ");
                    yield return Sites.Of([region], change).With("name", field.Declaration.Variables[0].Identifier.Text);
                }
            }
        }
    }

    private static bool IsCandidate(FieldDeclarationSyntax field) =>
        field is { AttributeLists.Count: 0, Declaration.Variables.Count: 1, Declaration.Type: not (RefTypeSyntax or PointerTypeSyntax) }
        && field.Modifiers.All(token => token.Kind() is SyntaxKind.PrivateKeyword or SyntaxKind.StaticKeyword);

    private static bool IsSafe(EditSource source, ClassDeclarationSyntax type, FieldDeclarationSyntax field)
    {
        VariableDeclaratorSyntax variable = field.Declaration.Variables[0];
        string name = variable.Identifier.ValueText;
        bool isStatic = field.Modifiers.Any(SyntaxKind.StaticKeyword);
        bool isAssigned = variable.Initializer is not null;
        foreach (
            SimpleNameSyntax use in source.Root.DescendantNodes().OfType<SimpleNameSyntax>().Where(use => use.Identifier.ValueText == name)
        )
        {
            ExpressionSyntax whole = use.Parent is MemberAccessExpressionSyntax access && access.Name == use ? access : use;
            if (IsWritten(whole))
            {
                bool isOwn = whole is IdentifierNameSyntax or MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax };
                if (!isOwn || !IsInConstructor(whole, type, isStatic))
                {
                    return false;
                }
                isAssigned = true;
            }
        }
        // Methods of a readonly struct field work on a copy of it.
        return isAssigned && Types.CopiesAlike(source.Model.GetTypeInfo(field.Declaration.Type).Type);
    }

    private static bool IsWritten(ExpressionSyntax whole) =>
        whole.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left == whole,
            PrefixUnaryExpressionSyntax unary => unary.Kind()
                is SyntaxKind.PreIncrementExpression
                    or SyntaxKind.PreDecrementExpression
                    or SyntaxKind.AddressOfExpression,
            PostfixUnaryExpressionSyntax unary => unary.Kind() is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression,
            ArgumentSyntax argument => argument.RefKindKeyword.RawKind != 0 || argument.Parent is TupleExpressionSyntax,
            RefExpressionSyntax or MakeRefExpressionSyntax or ParenthesizedExpressionSyntax => true,
            _ => false,
        };

    private static bool IsInConstructor(ExpressionSyntax use, ClassDeclarationSyntax type, bool isStatic)
    {
        SyntaxNode? owner = use.Ancestors()
            .FirstOrDefault(node =>
                node
                    is AnonymousFunctionExpressionSyntax
                        or LocalFunctionStatementSyntax
                        or InitializerExpressionSyntax
                        or MemberDeclarationSyntax
            );
        bool isPlain = use.Parent is AssignmentExpressionSyntax;
        return isPlain
            && owner is ConstructorDeclarationSyntax constructor
            && constructor.Parent == type
            && constructor.Modifiers.Any(SyntaxKind.StaticKeyword) == isStatic;
    }
}
