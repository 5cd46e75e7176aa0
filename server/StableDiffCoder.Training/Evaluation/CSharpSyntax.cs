using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace StableDiffCoder.Training.Evaluation;

/// <summary>Whether a fill leaves a file sound, as Roslyn's parser sees it.</summary>
public static class CSharpSyntax
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview, DocumentationMode.None);

    /// <summary>Whether the text with the fill has no more syntax errors than with the answer: cut context may have some by itself.</summary>
    public static bool StaysSound(Hole hole, string fill) =>
        fill.Trim() == hole.Answer.Trim() || Errors(hole.Prefix + fill + hole.Suffix) <= Errors(hole.Prefix + hole.Answer + hole.Suffix);

    /// <summary>Syntax errors of a text.</summary>
    public static int Errors(string text) => Faults(text).Count();

    /// <summary>Where they are, in the order of the text.</summary>
    public static IReadOnlyList<int> ErrorOffsets(string text) =>
        [.. Faults(text).Select(diagnostic => diagnostic.Location.SourceSpan.Start).Order()];

    private static IEnumerable<Diagnostic> Faults(string text) =>
        CSharpSyntaxTree.ParseText(text, Options).GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
}
