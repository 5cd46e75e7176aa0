using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Sft.Syntax;

namespace StableDiffCoder.Training.Sft.Kinds;

/// <summary>Writes the type of a local out instead of <c>var</c>.</summary>
public sealed class VarToExplicitType : IEditKind
{
    private const int LongestType = 60;

    /// <inheritdoc/>
    public string Name => "var-to-type";

    /// <inheritdoc/>
    public IReadOnlyList<string> Phrasings { get; } =
    [
        "use the explicit type of {name} instead of var",
        "Replace var by the type of {name}.",
        "write out the type of {name}",
        "no var for {name}",
        "give {name} an explicit type",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> HeldOutPhrasings { get; } =
    ["declare {name} with its actual type", "`var {name}` should spell its type out"];

    /// <inheritdoc/>
    public IEnumerable<EditSite> Find(EditSource source)
    {
        foreach (SyntaxNode node in source.Root.DescendantNodes())
        {
            (TypeSyntax? type, SyntaxToken name) = node switch
            {
                LocalDeclarationStatementSyntax { Declaration: { Variables: [{ Initializer: not null } only] } declared } => (
                    declared.Type,
                    only.Identifier
                ),
                ForEachStatementSyntax loop => (loop.Type, loop.Identifier),
                _ => default,
            };
            if (type is not { IsVar: true })
            {
                continue;
            }
            IReadOnlyList<TextSpan> regions = source.Regions(node, Sites.MemberOf(node));
            if (regions.Count > 0 && source.Model.GetTypeInfo(type).Type is { } known && Types.IsKnown(known))
            {
                string written = Types.Write(known, source.Model, type.SpanStart);
                if (written.Length <= LongestType)
                {
                    yield return Sites.Of(regions, new TextChange(type.Span, written)).With("name", name.Text);
                }
            }
        }
    }
}
