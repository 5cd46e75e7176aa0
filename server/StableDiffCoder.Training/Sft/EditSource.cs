using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Corpus;
using StableDiffCoder.Training.Sft.Syntax;

namespace StableDiffCoder.Training.Sft;

/// <summary>A file in which edits are looked for: its syntax, its types as far as one file and the framework tell them, and its layout.</summary>
public sealed class EditSource
{
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Preview, DocumentationMode.Parse);

    private readonly int seed;
    private readonly int longestRegion;
    private readonly Lazy<SemanticModel> model;

    private EditSource(CorpusDocument document, SyntaxNode root, int longestRegion, int seed)
    {
        this.seed = seed;
        this.longestRegion = longestRegion;
        Path = document.Path;
        Text = document.Text;
        Root = (CompilationUnitSyntax)root;
        Lines = root.SyntaxTree.GetText().Lines;
        model = new Lazy<SemanticModel>(() =>
            CSharpCompilation
                .Create("file", [root.SyntaxTree], FrameworkReferences.All, new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true))
                .GetSemanticModel(root.SyntaxTree)
        );
        LineEnd = Text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";
        IndentUnit = Text.Contains("\n\t", StringComparison.Ordinal) ? "\t" : "    ";
        BracesOnOwnLines =
            Root.DescendantNodes().OfType<BlockSyntax>().FirstOrDefault(block => block.Parent is BaseMethodDeclarationSyntax)
                is not { } first
            || IsFirstOnLine(first.OpenBraceToken);
    }

    /// <summary>The file's path.</summary>
    public string Path { get; }

    /// <summary>Its text.</summary>
    public string Text { get; }

    /// <summary>Its syntax, without errors.</summary>
    public CompilationUnitSyntax Root { get; }

    /// <summary>Its lines.</summary>
    public TextLineCollection Lines { get; }

    /// <summary>Types, bound when they are first asked for.</summary>
    public SemanticModel Model => model.Value;

    /// <summary>LF or CR LF.</summary>
    public string LineEnd { get; }

    /// <summary>One level of indentation: a tab or four spaces.</summary>
    public string IndentUnit { get; }

    /// <summary>Whether an opening brace has a line of its own.</summary>
    public bool BracesOnOwnLines { get; }

    /// <summary>Parses a file.</summary>
    /// <param name="document">The file.</param>
    /// <param name="longestRegion">Most characters of a region, indentation not counted.</param>
    /// <param name="seed">Seed of the choices in it.</param>
    /// <returns>Null when the file has syntax errors.</returns>
    public static EditSource? Parse(CorpusDocument document, int longestRegion, int seed)
    {
        SyntaxNode root = ParseText(document.Text);
        return HasErrors(root) ? null : new EditSource(document, root, longestRegion, seed);
    }

    /// <summary>Whether a text is C# without syntax errors.</summary>
    public static bool Parses(string text) => !HasErrors(ParseText(text));

    /// <summary>One of several, by chance that depends on the seed, the file and the purpose alone.</summary>
    public T Choose<T>(string purpose, IReadOnlyList<T> from) => from[(int)(SeededHash.Unit(seed, purpose, Path) * from.Count)];

    /// <summary>The blanks before the first token of a node's line.</summary>
    public string Indentation(SyntaxNode node)
    {
        string line = Lines.GetLineFromPosition(node.SpanStart).ToString();
        return line[..^line.AsSpan().TrimStart().Length];
    }

    /// <summary>Whether nothing but blanks stands before a token on its line.</summary>
    public bool IsFirstOnLine(SyntaxToken token)
    {
        TextLine line = Lines.GetLineFromPosition(token.SpanStart);
        return Text.AsSpan(line.Start, token.SpanStart - line.Start).IsWhiteSpace();
    }

    /// <summary>Whether nothing but blanks stands behind a token on its line.</summary>
    public bool IsLastOnLine(SyntaxToken token)
    {
        TextLine line = Lines.GetLineFromPosition(token.Span.End);
        return Text.AsSpan(token.Span.End, line.End - token.Span.End).IsWhiteSpace();
    }

    /// <summary>Whether a span is on one line.</summary>
    public bool IsOneLine(TextSpan span) => !Text.AsSpan(span.Start, span.Length).Contains('\n');

    /// <summary>The lines of a node as a region.</summary>
    /// <returns>Null when they are too many, hold directives, or are shared with something else.</returns>
    public TextSpan? Region(SyntaxNode node) => node.ContainsDirectives ? null : Region(node.Span);

    /// <summary>The lines of a span as a region.</summary>
    /// <returns>Null when they are too many or shared with something else than blanks.</returns>
    public TextSpan? Region(TextSpan span)
    {
        TextLine first = Lines.GetLineFromPosition(span.Start);
        TextLine last = Lines.GetLineFromPosition(span.End);
        bool isAlone =
            Text.AsSpan(first.Start, span.Start - first.Start).IsWhiteSpace() && Text.AsSpan(span.End, last.End - span.End).IsWhiteSpace();
        return isAlone && IsModerate(span) ? TextSpan.FromBounds(first.Start, last.End) : null;
    }

    /// <summary>Whether a span is short enough for a region.</summary>
    public bool IsModerate(TextSpan span)
    {
        int characters = 0;
        foreach (ReadOnlySpan<char> line in Text.AsSpan(span.Start, span.Length).EnumerateLines())
        {
            characters += line.Trim().Length + 1;
        }
        return characters <= longestRegion;
    }

    /// <summary>Regions from a node up to an ancestor: the statements and members between them that are moderate.</summary>
    public IReadOnlyList<TextSpan> Regions(SyntaxNode node, SyntaxNode widest) =>
        [
            .. node.AncestorsAndSelf()
                .TakeWhile(ancestor => ancestor.Span.Length <= widest.Span.Length && widest.Span.Contains(ancestor.Span))
                .Where(ancestor => ancestor is MemberDeclarationSyntax || (ancestor is StatementSyntax && ancestor.Parent is BlockSyntax))
                .Select(Region)
                .OfType<TextSpan>()
                .Distinct(),
        ];

    private static SyntaxNode ParseText(string text) => CSharpSyntaxTree.ParseText(text, Parsing).GetRoot();

    private static bool HasErrors(SyntaxNode root) =>
        root.ContainsDiagnostics && root.GetDiagnostics().Any(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
}
