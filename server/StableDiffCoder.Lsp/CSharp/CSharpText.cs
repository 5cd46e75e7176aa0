using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.CSharp;

/// <summary>A text read as C#: syntax alone, no types, so that one file is enough and it takes milliseconds.</summary>
internal sealed class CSharpText
{
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Preview, DocumentationMode.Parse);
    private static readonly ConditionalWeakTable<DocumentSnapshot, CSharpText> Known = [];

    private CSharpText(string text)
    {
        Text = text;
        Root = (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(text, Parsing).GetRoot();
    }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>Its syntax, errors included.</summary>
    public CompilationUnitSyntax Root { get; }

    /// <summary>Where syntax errors are, in the order of the text; may be empty, and may lie at the text's end.</summary>
    public IReadOnlyList<int> Errors =>
        Root.ContainsDiagnostics
            ?
            [
                .. Root.GetDiagnostics()
                    .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                    .Select(diagnostic => diagnostic.Location.SourceSpan.Start)
                    .Order(),
            ]
            : [];

    /// <summary>Whether a client's language id is C#'s.</summary>
    public static bool IsCSharp(string languageId) => LanguageSyntax.Of(languageId).Name == "C#";

    /// <summary>The syntax of a document: read once for each version, since clients ask what can be done at each place that the cursor comes to.</summary>
    /// <returns>Null when the document's language is another one.</returns>
    public static CSharpText? Of(DocumentSnapshot snapshot) =>
        IsCSharp(snapshot.LanguageId) ? Known.GetValue(snapshot, known => Read(known.Text)) : null;

    /// <summary>Reads a text.</summary>
    public static CSharpText Read(string text) => new(text);
}
