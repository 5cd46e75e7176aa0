using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Corpus;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>Which holes to draw. The one source of these defaults.</summary>
public sealed record CrossFileHoleOptions
{
    /// <value>Most holes of one file. Default 3.</value>
    public int PerFile { get; init; } = 3;

    /// <value>Most files that may declare the name: what many declare (Count, Add) can be guessed. Default 2.</value>
    public int MostDeclarations { get; init; } = 2;

    /// <value>Another seed draws other places. Default 0.</value>
    public int Seed { get; init; }
}

/// <summary>
/// Holes whose answer needs another file: they begin at a name, behind a dot or "new", that another file declares and that their own file has nowhere
/// else, and go to the end of the line.
/// </summary>
public static class CrossFileHoles
{
    /// <summary>Draws.</summary>
    /// <param name="documents">The C# files of one workspace.</param>
    /// <param name="options">How many, and how rare a name.</param>
    /// <returns>In-line holes with ids "path#offset" and whole files around them, in the order of the files.</returns>
    public static IReadOnlyList<Hole> Draw(IReadOnlyList<CorpusDocument> documents, CrossFileHoleOptions options)
    {
        (CorpusDocument Document, SyntaxNode Root)[] parsed = [.. documents.Select(document => (document, Parse(document.Text)))];
        ILookup<string, string> declared = parsed
            .SelectMany(file => DeclaredIn(file.Root).Distinct(StringComparer.Ordinal).Select(name => (Name: name, file.Document.Path)))
            .ToLookup(pair => pair.Name, pair => pair.Path, StringComparer.Ordinal);
        return [.. parsed.SelectMany(file => DrawFrom(file.Document, file.Root, declared, options))];
    }

    private static IEnumerable<Hole> DrawFrom(
        CorpusDocument document,
        SyntaxNode root,
        ILookup<string, string> declared,
        CrossFileHoleOptions options
    )
    {
        Dictionary<string, int> mentions = root.DescendantTokens()
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken))
            .CountBy(token => token.Text)
            .ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        HashSet<int> starts =
        [
            .. root.DescendantNodes()
                .Select(NameOf)
                .OfType<SyntaxToken>()
                .Where(name => mentions.GetValueOrDefault(name.Text) == 1)
                .Where(name => declared[name.Text].Count() is int files && files > 0 && files <= options.MostDeclarations)
                .Where(name => !declared[name.Text].Contains(document.Path))
                .Select(name => name.SpanStart),
        ];
        if (starts.Count == 0)
        {
            return [];
        }
        var holes = new CSharpHoles(document.Text);
        IEnumerable<TextSpan> drawn = holes
            .Of(HoleKind.InLine)
            .Where(span => starts.Contains(span.Start))
            .OrderBy(span => SeededHash.Of(options.Seed, "cross-file", $"{document.Path}#{span.Start}"))
            .Take(options.PerFile)
            .OrderBy(span => span.Start);
        return drawn.Select(span => holes.Cut($"{document.Path}#{span.Start}", HoleKind.InLine, span));
    }

    private static SyntaxToken? NameOf(SyntaxNode node) =>
        node switch
        {
            MemberAccessExpressionSyntax access => access.Name.Identifier,
            MemberBindingExpressionSyntax access => access.Name.Identifier,
            ObjectCreationExpressionSyntax { Type: SimpleNameSyntax type } => type.Identifier,
            _ => null,
        };

    private static IEnumerable<string> DeclaredIn(SyntaxNode root) =>
        root.DescendantNodes()
            .Where(node => node is not MemberDeclarationSyntax member || !member.Modifiers.Any(SyntaxKind.PrivateKeyword))
            .SelectMany(node =>
                node switch
                {
                    BaseTypeDeclarationSyntax type => [type.Identifier.Text],
                    DelegateDeclarationSyntax type => [type.Identifier.Text],
                    MethodDeclarationSyntax method => [method.Identifier.Text],
                    PropertyDeclarationSyntax property => [property.Identifier.Text],
                    EventDeclarationSyntax property => [property.Identifier.Text],
                    EnumMemberDeclarationSyntax member => [member.Identifier.Text],
                    BaseFieldDeclarationSyntax field => field.Declaration.Variables.Select(variable => variable.Identifier.Text),
                    _ => (IEnumerable<string>)[],
                }
            );

    private static SyntaxNode Parse(string text) =>
        CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.None)).GetRoot();
}
