using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Sft.Syntax;

namespace StableDiffCoder.Training.Sft.Kinds;

/// <summary>Enumerates an array that is a local or a parameter, where a for loop uses its index for nothing but reading the item.</summary>
public sealed class ForToForEach : IEditKind
{
    /// <inheritdoc/>
    public string Name => "for-to-foreach";

    /// <inheritdoc/>
    public IReadOnlyList<string> Phrasings { get; } =
    [
        "turn the for loop into a foreach, call the item {item}",
        "Use foreach with {item} over {list}.",
        "replace for by foreach ({item} in {list})",
        "convert for to foreach with {item} as the variable",
        "foreach {item} instead of an index",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> HeldOutPhrasings { get; } =
    ["enumerate {list} as {item} instead of counting", "no index: foreach over `{list}` with `{item}`"];

    /// <inheritdoc/>
    public IEnumerable<EditSite> Find(EditSource source)
    {
        foreach (ForStatementSyntax loop in source.Root.DescendantNodes().OfType<ForStatementSyntax>())
        {
            if (Read(loop) is not var (index, list))
            {
                continue;
            }
            SyntaxNode member = Sites.MemberOf(loop);
            bool isOnlyOne = member.DescendantNodes().OfType<ForStatementSyntax>().Count() == 1;
            IReadOnlyList<TextSpan> regions = source.Regions(loop, isOnlyOne ? member : loop);
            if (regions.Count > 0 && Changes(source, loop, member, index, list) is var (item, changes))
            {
                yield return Sites.Of(regions, changes).With("list", list.Identifier.Text).With("item", item);
            }
        }
    }

    // for (int i = 0; i < list.Length; i++)
    private static (string Index, IdentifierNameSyntax List)? Read(ForStatementSyntax loop)
    {
        if (
            loop
                is not {
                    Declaration.Variables: [{ Initializer.Value: LiteralExpressionSyntax { Token.ValueText: "0" } } counter],
                    Condition: BinaryExpressionSyntax
                    {
                        RawKind: (int)SyntaxKind.LessThanExpression,
                        Left: IdentifierNameSyntax left,
                        Right: MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Length", Expression: IdentifierNameSyntax list }
                    },
                    Incrementors: [var step]
                }
            || step
                is not (
                    PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PostIncrementExpression }
                    or PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.PreIncrementExpression }
                )
        )
        {
            return null;
        }
        string index = counter.Identifier.ValueText;
        bool counts = left.Identifier.ValueText == index && step.ToString().Trim('+') == index;
        return counts ? (index, list) : null;
    }

    private static (string Item, TextChange[] Changes)? Changes(
        EditSource source,
        ForStatementSyntax loop,
        SyntaxNode member,
        string index,
        IdentifierNameSyntax list
    )
    {
        string name = list.Identifier.ValueText;
        bool isSteady =
            source.Model.GetSymbolInfo(list).Symbol is ILocalSymbol { RefKind: RefKind.None } or IParameterSymbol { RefKind: RefKind.None };
        ElementAccessExpressionSyntax[] reads =
        [
            .. loop.Statement.DescendantNodes().OfType<ElementAccessExpressionSyntax>().Where(access => IsItem(access, name, index)),
        ];
        int uses = loop
            .Statement.DescendantTokens()
            .Count(token => token.IsKind(SyntaxKind.IdentifierToken) && (token.ValueText == index || token.ValueText == name));
        if (
            !isSteady
            || reads.Length == 0
            || uses != 2 * reads.Length
            || reads.Any(Loops.IsChanged)
            || source.Model.GetTypeInfo(list).Type is not IArrayTypeSymbol { Rank: 1, ElementType: var type }
            || !Types.CopiesAlike(type)
        )
        {
            return null;
        }
        var head = TextSpan.FromBounds(loop.ForKeyword.SpanStart, loop.CloseParenToken.Span.End);
        string space = loop.ForKeyword.TrailingTrivia.ToFullString();
        string Head(string itemType, string item) => $"foreach{space}({itemType} {item} in {list.Identifier.Text})";
        // A first statement that names the item goes.
        if (
            reads.Length == 1
            && loop.Statement
                is BlockSyntax
                {
                    Statements: [
                        LocalDeclarationStatementSyntax
                        {
                            IsConst: false,
                            Declaration: { Variables: [{ Initializer: { } value } variable] } named
                        } first,
                        _,
                        ..,
                    ]
                }
            && value.Value == reads[0]
            && source.Region(first) is TextSpan line
            && !first.HasStructuredTrivia
            && !IsAssigned(loop.Statement, variable.Identifier.ValueText)
        )
        {
            int end = source.Lines.GetLineFromPosition(line.End).EndIncludingLineBreak;
            string text = variable.Identifier.Text;
            return (
                text,
                [new TextChange(head, Head(named.Type.ToString(), text)), new TextChange(TextSpan.FromBounds(line.Start, end), "")]
            );
        }
        var words = member
            .DescendantTokens()
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(token => token.ValueText)
            .ToHashSet(StringComparer.Ordinal);
        string? chosen = Array.Find(["item", "element", "current", "entry"], candidate => !words.Contains(candidate));
        return chosen is null
            ? null
            : (chosen, [new TextChange(head, Head("var", chosen)), .. reads.Select(read => new TextChange(read.Span, chosen))]);
    }

    private static bool IsItem(ElementAccessExpressionSyntax access, string list, string index) =>
        access is { Expression: IdentifierNameSyntax owner, ArgumentList.Arguments: [{ Expression: IdentifierNameSyntax at }] }
        && owner.Identifier.ValueText == list
        && at.Identifier.ValueText == index;

    private static bool IsAssigned(SyntaxNode body, string name) =>
        body.DescendantNodes().OfType<IdentifierNameSyntax>().Any(use => use.Identifier.ValueText == name && Loops.IsChanged(use));
}
