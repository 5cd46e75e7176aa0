using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Sft.Syntax;

namespace StableDiffCoder.Training.Sft.Kinds;

/// <summary>Turns the arrow of a method, an operator or a read-only property into a block.</summary>
public sealed class ToBlockBody : IEditKind
{
    /// <inheritdoc/>
    public string Name => "to-block-body";

    /// <inheritdoc/>
    public IReadOnlyList<string> Phrasings { get; } =
    [
        "use a block body",
        "Convert {name} to a block body",
        "turn the expression body into a block",
        "replace the arrow with a block body",
        "{name} should have a block body with braces",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> HeldOutPhrasings { get; } =
    ["write {name} with curly braces instead of =>", "Expand `{name}` into a full body", "no expression body here, please"];

    /// <inheritdoc/>
    public IEnumerable<EditSite> Find(EditSource source)
    {
        foreach (ArrowExpressionClauseSyntax arrow in source.Root.DescendantNodes().OfType<ArrowExpressionClauseSyntax>())
        {
            if (
                arrow.Parent is MemberDeclarationSyntax member
                && Bodies.NameOf(member) is { } name
                && Rewrite(source, member, arrow) is { } change
            )
            {
                IReadOnlyList<TextSpan> regions = source.Regions(member, member);
                if (regions.Count > 0)
                {
                    yield return Sites.Of(regions, change).With("name", name);
                }
            }
        }
    }

    private static TextChange? Rewrite(EditSource source, MemberDeclarationSyntax member, ArrowExpressionClauseSyntax arrow)
    {
        SyntaxToken semicolon = member.GetLastToken();
        int start = arrow.ArrowToken.GetPreviousToken().Span.End;
        var span = TextSpan.FromBounds(start, semicolon.Span.End);
        if (!source.IsOneLine(arrow.Expression.Span) || arrow.Expression is RefExpressionSyntax || Sites.HasComment(member, span))
        {
            return null;
        }
        string expression = arrow.Expression.ToString();
        string statement =
            arrow.Expression is ThrowExpressionSyntax || !Bodies.ReturnsValue(member) ? $"{expression};" : $"return {expression};";
        string[] lines = member is PropertyDeclarationSyntax or IndexerDeclarationSyntax ? [$"get {{ {statement} }}"] : [statement];
        return new TextChange(span, Bodies.Block(source, source.Indentation(member), lines));
    }
}
