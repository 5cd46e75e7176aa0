using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace StableDiffCoder.Training.Sft.Syntax;

/// <summary>Makes sites and finds what surrounds them.</summary>
internal static class Sites
{
    /// <summary>A site without slots.</summary>
    public static EditSite Of(IReadOnlyList<TextSpan> regions, params IReadOnlyList<TextChange> changes) =>
        new(regions, changes, new Dictionary<string, string>());

    /// <summary>The same site with a slot more.</summary>
    public static EditSite With(this EditSite site, string slot, string text) =>
        site with
        {
            Slots = new Dictionary<string, string>(site.Slots) { [slot] = text },
        };

    /// <summary>The method, property or other member that a node is in; the file where it is in none.</summary>
    public static SyntaxNode MemberOf(SyntaxNode node) =>
        (SyntaxNode?)node.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? node.SyntaxTree.GetRoot();

    /// <summary>Nodes of a body, those in lambdas and local functions left out.</summary>
    public static IEnumerable<SyntaxNode> OwnNodes(SyntaxNode body) =>
        body.DescendantNodesAndSelf(node => node == body || node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax))
            .Where(node => node == body || node is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax));

    /// <summary>Whether comments or directives stand inside a span; they would be lost or misplaced.</summary>
    public static bool HasComment(SyntaxNode root, TextSpan span) =>
        root.DescendantTrivia(span, descendIntoTrivia: false)
            .Any(trivia =>
                span.Contains(trivia.Span) && !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia)
            );

    /// <summary>What a name's last part is: <c>x</c> of <c>this.x</c>, <c>a.x</c> and <c>x</c>.</summary>
    public static string? LastName(SyntaxNode expression) =>
        expression switch
        {
            SimpleNameSyntax name => name.Identifier.ValueText,
            MemberAccessExpressionSyntax access => access.Name.Identifier.ValueText,
            MemberBindingExpressionSyntax binding => binding.Name.Identifier.ValueText,
            _ => null,
        };
}
