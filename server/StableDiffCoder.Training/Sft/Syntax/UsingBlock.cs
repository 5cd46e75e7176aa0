using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace StableDiffCoder.Training.Sft.Syntax;

/// <summary>Plain using directives on lines that follow one another, at least two, without comments or directives between them.</summary>
/// <param name="Directives">In the file's order.</param>
/// <param name="Region">Their lines.</param>
internal sealed record UsingBlock(IReadOnlyList<UsingDirectiveSyntax> Directives, TextSpan Region)
{
    /// <summary>The blocks of a file: its own, and those of its namespaces.</summary>
    public static IEnumerable<UsingBlock> Of(EditSource source)
    {
        IEnumerable<SyntaxList<UsingDirectiveSyntax>> lists = source
            .Root.DescendantNodes(node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .OfType<BaseNamespaceDeclarationSyntax>()
            .Select(space => space.Usings)
            .Prepend(source.Root.Usings);
        foreach (SyntaxList<UsingDirectiveSyntax> usings in lists.Where(usings => usings.Count > 1))
        {
            TextSpan span = TextSpan.FromBounds(usings[0].SpanStart, usings[^1].Span.End);
            int lines = source.Lines.GetLineFromPosition(span.End).LineNumber - source.Lines.GetLineFromPosition(span.Start).LineNumber + 1;
            bool isPlain = usings.All(directive =>
                directive is { Alias: null, StaticKeyword.RawKind: 0, GlobalKeyword.RawKind: 0, Name: not null }
            );
            if (isPlain && lines == usings.Count && !Sites.HasComment(source.Root, span) && source.Region(span) is TextSpan region)
            {
                yield return new UsingBlock([.. usings], region);
            }
        }
    }
}
