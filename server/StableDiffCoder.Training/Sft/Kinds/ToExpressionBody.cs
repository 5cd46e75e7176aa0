using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Sft.Syntax;

namespace StableDiffCoder.Training.Sft.Kinds;

/// <summary>Turns a body of one statement, or a property's lone getter, into an arrow.</summary>
public sealed class ToExpressionBody : IEditKind
{
    private const int LongestLine = 140;

    /// <inheritdoc/>
    public string Name => "to-expression-body";

    /// <inheritdoc/>
    public IReadOnlyList<string> Phrasings { get; } =
    [
        "use an expression body",
        "Convert {name} to an expression body",
        "turn the block into an expression body",
        "write {name} with an arrow",
        "make {name} expression-bodied",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> HeldOutPhrasings { get; } =
    ["shorten {name} to a single => expression", "`{name}` only needs an expression-bodied member", "replace the braces of {name} with =>"];

    /// <inheritdoc/>
    public IEnumerable<EditSite> Find(EditSource source)
    {
        foreach (MemberDeclarationSyntax member in source.Root.DescendantNodes().OfType<MemberDeclarationSyntax>())
        {
            if (Bodies.NameOf(member) is { } name && Rewrite(source, member) is { } change)
            {
                IReadOnlyList<TextSpan> regions = source.Regions(member, member);
                if (regions.Count > 0)
                {
                    yield return Sites.Of(regions, change).With("name", name);
                }
            }
        }
    }

    private static TextChange? Rewrite(EditSource source, MemberDeclarationSyntax member)
    {
        (BlockSyntax? block, SyntaxNode? whole) = member switch
        {
            // A constructor's initializer and an arrow on one line read badly.
            ConstructorDeclarationSyntax { Initializer: not null } => default,
            BaseMethodDeclarationSyntax method => (method.Body, (SyntaxNode?)method.Body),
            BasePropertyDeclarationSyntax
            {
                AccessorList: { Accessors: [{ Body: { } body, AttributeLists.Count: 0, Modifiers.Count: 0 } only] } list
            } when only.IsKind(SyntaxKind.GetAccessorDeclaration) => (body, list),
            _ => default,
        };
        if (block is null || whole is null || ExpressionOf(block, Bodies.ReturnsValue(member)) is not { } expression)
        {
            return null;
        }
        int start = whole.GetFirstToken().GetPreviousToken().Span.End;
        var span = TextSpan.FromBounds(start, whole.Span.End);
        string text = expression.ToString();
        int column = start - source.Lines.GetLineFromPosition(start).Start;
        bool fits = source.IsOneLine(expression.Span) && column + text.Length + 5 <= LongestLine;
        bool hasInitializer = member is PropertyDeclarationSyntax { Initializer: not null };
        return fits && !hasInitializer && !Sites.HasComment(member, span) ? new TextChange(span, $" => {text};") : null;
    }

    private static ExpressionSyntax? ExpressionOf(BlockSyntax block, bool returnsValue) =>
        block.Statements switch
        {
            [ReturnStatementSyntax { Expression: { } value }] when returnsValue && value is not RefExpressionSyntax => value,
            [ExpressionStatementSyntax { Expression: var done }] when !returnsValue => done,
            _ => null,
        };
}
