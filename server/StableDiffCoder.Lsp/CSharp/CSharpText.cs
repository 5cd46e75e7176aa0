using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.CSharp;

/// <summary>A text read as C#: syntax alone, no types, so that one file or a piece of one is enough and it takes milliseconds.</summary>
internal sealed class CSharpText
{
    private static readonly ConditionalWeakTable<DocumentSnapshot, CSharpText> Known = [];

    private readonly IReadOnlyList<CSharpReading> readings;
    private readonly Lazy<int> errors;

    private CSharpText(string text)
    {
        Text = text;
        CompilationUnitSyntax file = CSharpReading.File.Parse(text);
        readings = CSharpReading.Of(text, file);
        Root = readings[0] == CSharpReading.File ? file : readings[0].Parse(text);
        errors = new Lazy<int>(() => readings[0].Errors(Root, text).Count);
    }

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>Its syntax, errors included, in the surroundings of the reading that suits it best.</summary>
    public CompilationUnitSyntax Root { get; }

    /// <summary>Where the text starts in <see cref="Root"/>; what begins before is not the text's.</summary>
    public int Start => readings[0].Start;

    /// <summary>Whether a client's language id is C#'s.</summary>
    public static bool IsCSharp(string languageId) => LanguageSyntax.Of(languageId).Name == "C#";

    /// <summary>The syntax of a document: read once for each version, since clients ask what can be done at each place that the cursor comes to.</summary>
    /// <returns>Null when the document's language is another one.</returns>
    public static CSharpText? Of(DocumentSnapshot snapshot) =>
        IsCSharp(snapshot.LanguageId) ? Known.GetValue(snapshot, known => Read(known.Text)) : null;

    /// <summary>Reads a text.</summary>
    public static CSharpText Read(string text) => new(text);

    /// <summary>Of the readings that suit this text, the one in which a changed text has the fewest errors.</summary>
    public CSharpReading ReadingOf(string changed) =>
        readings.Count == 1 ? readings[0] : readings.MinBy(reading => reading.Errors(changed).Count)!;

    /// <summary>How many more syntax errors a changed text has than this one, both in the reading that suits both.</summary>
    public int CountNewErrors(string changed) => Math.Max(0, readings.Min(reading => reading.Errors(changed).Count) - errors.Value);
}
