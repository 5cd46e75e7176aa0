using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Sft.Syntax;

namespace StableDiffCoder.Training.Sft.Kinds;

/// <summary>Renames a local or a parameter everywhere in its method, its documentation included.</summary>
public sealed class RenameVariable : IEditKind
{
    /// <inheritdoc/>
    public string Name => "rename-variable";

    /// <inheritdoc/>
    public IReadOnlyList<string> Phrasings { get; } =
    [
        "rename {old} to {new}",
        "Rename {old} to {new}.",
        "call {old} {new} instead",
        "Rename the variable {old} to {new}",
        "change the name of {old} to {new}",
        "{old} should be called {new}",
        "use the name {new} for {old}",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> HeldOutPhrasings { get; } =
    ["give {old} the name {new}", "Please rename `{old}` into `{new}`", "{new} is a better name than {old}, use it"];

    /// <inheritdoc/>
    public IEnumerable<EditSite> Find(EditSource source)
    {
        foreach (BaseMethodDeclarationSyntax method in source.Root.DescendantNodes().OfType<BaseMethodDeclarationSyntax>())
        {
            if ((method.Body is null && method.ExpressionBody is null) || source.Region(method) is null)
            {
                continue;
            }
            List<SyntaxToken> declared = [.. Declarations(method)];
            foreach (SyntaxToken name in declared.Where(name => declared.Count(other => other.ValueText == name.ValueText) == 1))
            {
                if (Rename(source, method, name) is { } site)
                {
                    yield return site;
                }
            }
        }
    }

    private static IEnumerable<SyntaxToken> Declarations(SyntaxNode method) =>
        method
            .DescendantNodes()
            .Select(node =>
                node switch
                {
                    ParameterSyntax parameter => parameter.Identifier,
                    VariableDeclaratorSyntax variable => variable.Identifier,
                    ForEachStatementSyntax loop => loop.Identifier,
                    SingleVariableDesignationSyntax designation => designation.Identifier,
                    CatchDeclarationSyntax caught => caught.Identifier,
                    LocalFunctionStatementSyntax function => function.Identifier,
                    FromClauseSyntax clause => clause.Identifier,
                    LetClauseSyntax clause => clause.Identifier,
                    JoinClauseSyntax clause => clause.Identifier,
                    JoinIntoClauseSyntax clause => clause.Identifier,
                    QueryContinuationSyntax query => query.Identifier,
                    _ => default,
                }
            )
            .Where(token => !token.IsKind(SyntaxKind.None) && token.Text.Length > 0);

    private static EditSite? Rename(EditSource source, BaseMethodDeclarationSyntax method, SyntaxToken declared)
    {
        string old = declared.ValueText;
        bool isLocalOrParameter = declared.Parent switch
        {
            ParameterSyntax parameter => parameter.Parent?.Parent == method,
            VariableDeclaratorSyntax or ForEachStatementSyntax or SingleVariableDesignationSyntax or CatchDeclarationSyntax => true,
            _ => false,
        };
        SyntaxNode? scope = ScopeOf(declared);
        if (!isLocalOrParameter || scope is null || declared.Text != old)
        {
            return null;
        }
        bool isParameter = declared.Parent is ParameterSyntax;
        var places = new List<TextSpan> { declared.Span };
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (
            SyntaxToken token in method.DescendantTokens(descendIntoTrivia: true).Where(token => token.IsKind(SyntaxKind.IdentifierToken))
        )
        {
            words.Add(token.ValueText);
            if (token.ValueText != old || token == declared)
            {
                continue;
            }
            switch (UseOf(token))
            {
                case Use.Other:
                    break;
                case Use.Reference
                    when scope.Span.Contains(token.Span) && token.Text == old && (isParameter || token.SpanStart > declared.SpanStart):
                case Use.Documentation when isParameter && token.Text == old:
                    places.Add(token.Span);
                    break;
                default:
                    return null;
            }
        }
        List<string> names = [.. NewNames.For(old).Where(name => !words.Contains(name))];
        TextSpan lines = TextSpan.FromBounds(Math.Min(places.Min(place => place.Start), method.SpanStart), method.Span.End);
        if (names.Count == 0 || places.Count < 2 || Whole(source, method, lines) is not TextSpan region)
        {
            return null;
        }
        string name = source.Choose($"rename {declared.SpanStart}", names);
        return Sites.Of([region], [.. places.Order().Select(place => new TextChange(place, name))]).With("old", old).With("new", name);
    }

    // With its documentation where that is renamed too: all lines of it.
    private static TextSpan? Whole(EditSource source, SyntaxNode method, TextSpan lines)
    {
        if (lines.Start >= method.SpanStart)
        {
            return source.Region(method);
        }
        SyntaxTrivia documentation = method
            .GetLeadingTrivia()
            .First(trivia => trivia.HasStructure && trivia.FullSpan.Contains(lines.Start));
        // A documentation comment ends with its line's end and begins behind "///".
        int start = source.Lines.GetLineFromPosition(documentation.FullSpan.Start).Start;
        int first =
            source.Text.AsSpan(start, documentation.FullSpan.Start - start).Trim().Length == 0 ? documentation.FullSpan.Start : start;
        return source.Region(TextSpan.FromBounds(first, method.Span.End));
    }

    private static SyntaxNode? ScopeOf(SyntaxToken declared) =>
        declared.Parent is ParameterSyntax parameter
            ? parameter.Parent?.Parent
            : declared
                .Parent?.Ancestors()
                .FirstOrDefault(node =>
                    node
                        is BlockSyntax
                            or ForStatementSyntax
                            or ForEachStatementSyntax
                            or CatchClauseSyntax
                            or SwitchStatementSyntax
                            or AnonymousFunctionExpressionSyntax
                    || (node is UsingStatementSyntax or FixedStatementSyntax)
                    || node is BaseMethodDeclarationSyntax
                );

    private enum Use
    {
        Reference,
        Documentation,
        Other,
        Unclear,
    }

    private static Use UseOf(SyntaxToken token)
    {
        if (token.Parent is not IdentifierNameSyntax name)
        {
            return Use.Unclear;
        }
        return name.Parent switch
        {
            XmlNameAttributeSyntax => Use.Documentation,
            MemberAccessExpressionSyntax access when access.Name == name => Use.Other,
            MemberBindingExpressionSyntax => Use.Other,
            NameColonSyntax or NameEqualsSyntax => Use.Other,
            AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } assignment when assignment.Left == name => Use.Other,
            // The name of a member is inferred from the variable's.
            AnonymousObjectMemberDeclaratorSyntax => Use.Unclear,
            ArgumentSyntax { Parent: TupleExpressionSyntax } => Use.Unclear,
            CrefSyntax or QualifiedNameSyntax => Use.Unclear,
            _ => SyntaxFacts.IsInTypeOnlyContext(name) ? Use.Unclear : Use.Reference,
        };
    }
}
