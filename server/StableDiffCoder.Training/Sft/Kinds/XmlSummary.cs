using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Sft.Syntax;

namespace StableDiffCoder.Training.Sft.Kinds;

/// <summary>Documents a method or a property with a summary that its name tells.</summary>
public sealed class XmlSummary : IEditKind
{
    /// <inheritdoc/>
    public string Name => "xml-summary";

    /// <inheritdoc/>
    public IReadOnlyList<string> Phrasings { get; } =
    [
        "add an XML summary to {name}",
        "Document {name} with a summary comment.",
        "add a doc comment for {name}",
        "write a /// <summary> for {name}",
        "{name} needs an XML documentation comment",
    ];

    /// <inheritdoc/>
    public IReadOnlyList<string> HeldOutPhrasings { get; } = ["describe {name} in a summary tag", "put XML docs above `{name}`"];

    /// <inheritdoc/>
    public IEnumerable<EditSite> Find(EditSource source)
    {
        foreach (MemberDeclarationSyntax member in source.Root.DescendantNodes().OfType<MemberDeclarationSyntax>())
        {
            (string? name, string? sentence) = member switch
            {
                MethodDeclarationSyntax method => (method.Identifier.Text, NameWords.MethodSentence(method.Identifier.Text)),
                PropertyDeclarationSyntax property => (property.Identifier.Text, Sentence(property)),
                _ => default,
            };
            bool hasComment = member
                .GetLeadingTrivia()
                .Any(trivia => !trivia.IsKind(SyntaxKind.WhitespaceTrivia) && !trivia.IsKind(SyntaxKind.EndOfLineTrivia));
            if (name is null || sentence is null || hasComment || source.Region(member) is not TextSpan region)
            {
                continue;
            }
            string line = source.Indentation(member) + "/// ";
            string comment = $"{line}<summary>{source.LineEnd}{line}{sentence}{source.LineEnd}{line}</summary>{source.LineEnd}";
            yield return Sites.Of([region], new TextChange(new TextSpan(region.Start, 0), comment)).With("name", name);
        }
    }

    private static string? Sentence(PropertyDeclarationSyntax property)
    {
        bool isBoolean = property.Type is PredefinedTypeSyntax type && type.Keyword.IsKind(SyntaxKind.BoolKeyword);
        bool hasSetter =
            property.AccessorList?.Accessors.Any(accessor =>
                accessor.IsKind(SyntaxKind.SetAccessorDeclaration) && accessor.Modifiers.Count == 0
            ) == true;
        return NameWords.PropertySentence(property.Identifier.Text, isBoolean, hasSetter);
    }
}
