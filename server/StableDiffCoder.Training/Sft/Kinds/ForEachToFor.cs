using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Sft.Syntax;

namespace StableDiffCoder.Training.Sft.Kinds;

/// <summary>Counts through an array or a list that is a local or a parameter, instead of enumerating it.</summary>
public sealed class ForEachToFor : IEditKind
{
    /// <inheritdoc/>
    public string Name => "foreach-to-for";

    /// <inheritdoc/>
    public IReadOnlyList<string> Phrasings { get; } =
    [
        "turn the foreach into a for loop",
        "Use a for loop over {list}.",
        "replace foreach by for with an index",
        "convert foreach to for",
        "loop over {list} with an index",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> HeldOutPhrasings { get; } =
    ["count through {list} instead of enumerating it", "an indexed for instead of `foreach`"];

    /// <inheritdoc/>
    public IEnumerable<EditSite> Find(EditSource source)
    {
        foreach (ForEachStatementSyntax loop in source.Root.DescendantNodes().OfType<ForEachStatementSyntax>())
        {
            if (
                loop
                    is not {
                        Statement: BlockSyntax { Statements.Count: > 0 } body,
                        Expression: IdentifierNameSyntax list,
                        AwaitKeyword.RawKind: 0
                    }
                || !source.IsLastOnLine(body.OpenBraceToken)
            )
            {
                continue;
            }
            SyntaxNode member = Sites.MemberOf(loop);
            bool isOnlyOne = member.DescendantNodes().OfType<ForEachStatementSyntax>().Count() == 1;
            IReadOnlyList<TextSpan> regions = source.Regions(loop, isOnlyOne ? member : loop);
            if (
                regions.Count > 0
                && IsSteady(source, loop, list)
                && Counter(member) is { } index
                && Changes(source, loop, body, list, index) is { } changes
            )
            {
                yield return Sites.Of(regions, changes).With("list", list.Identifier.Text);
            }
        }
    }

    // The same list throughout: a local or a parameter that the body does not assign or hand out by reference.
    private static bool IsSteady(EditSource source, ForEachStatementSyntax loop, IdentifierNameSyntax list) =>
        source.Model.GetSymbolInfo(list).Symbol is ILocalSymbol { RefKind: RefKind.None } or IParameterSymbol { RefKind: RefKind.None }
        && !loop
            .Statement.DescendantNodes()
            .OfType<IdentifierNameSyntax>()
            .Any(use => use.Identifier.ValueText == list.Identifier.ValueText && Loops.IsChanged(use));

    private static TextChange[]? Changes(
        EditSource source,
        ForEachStatementSyntax loop,
        BlockSyntax body,
        IdentifierNameSyntax list,
        string index
    )
    {
        ITypeSymbol? listType = source.Model.GetTypeInfo(list).Type;
        ITypeSymbol? item = Types.ItemOf(listType);
        bool isSameType = loop.Type.IsVar || SymbolEqualityComparer.Default.Equals(source.Model.GetTypeInfo(loop.Type).Type, item);
        if (item is null || !Types.IsKnown(item) || !isSameType || loop.Type is RefTypeSyntax)
        {
            return null;
        }
        string count = listType is IArrayTypeSymbol ? "Length" : "Count";
        string name = list.Identifier.Text;
        var head = TextSpan.FromBounds(loop.ForEachKeyword.SpanStart, loop.CloseParenToken.Span.End);
        string space = loop.ForEachKeyword.TrailingTrivia.ToFullString();
        string first = $"{source.LineEnd}{source.Indentation(body.Statements[0])}{loop.Type} {loop.Identifier} = {name}[{index}];";
        return Sites.HasComment(loop, head)
            ? null
            :
            [
                new TextChange(head, $"for{space}(int {index} = 0; {index} < {name}.{count}; {index}++)"),
                new TextChange(new TextSpan(body.OpenBraceToken.Span.End, 0), first),
            ];
    }

    private static string? Counter(SyntaxNode member)
    {
        var words = member
            .DescendantTokens()
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(token => token.ValueText)
            .ToHashSet(StringComparer.Ordinal);
        return Array.Find((string[])["i", "j", "k", "index"], name => !words.Contains(name));
    }
}
