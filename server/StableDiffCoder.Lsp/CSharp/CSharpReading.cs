using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace StableDiffCoder.Lsp.CSharp;

/// <summary>
/// What a text of C# is taken for. Documents are not only whole files: excerpts, cells of notebooks and scripts are C# too, and a modifier that is right
/// among members is a syntax error at the top of a file. A text is parsed in surroundings in which such a text is right; offsets are the text's own.
/// </summary>
internal sealed class CSharpReading
{
    /// <summary>Longer texts are whole files, however many errors they have: each reading is another parse.</summary>
    private const int LongestExcerpt = 1 << 18;

    private readonly string before;
    private readonly string behind;
    private readonly CSharpParseOptions options;

    private CSharpReading(string before, string behind, SourceCodeKind kind = SourceCodeKind.Regular)
    {
        this.before = before;
        this.behind = behind;
        options = new CSharpParseOptions(LanguageVersion.Preview, DocumentationMode.Parse, kind);
    }

    /// <value>A compilation unit.</value>
    public static CSharpReading File { get; } = new("", "");

    /// <value>Members of a type.</value>
    public static CSharpReading Members { get; } = new("class C\n{\n", "\n}\n");

    /// <value>Statements of a method.</value>
    public static CSharpReading Statements { get; } = new("class C\n{\nasync void M()\n{\n", "\n}\n}\n");

    /// <value>Accessors of a property.</value>
    public static CSharpReading Accessors { get; } = new("class C\n{\nobject P\n{\n", "\n}\n}\n");

    /// <value>A script or a notebook's cell: members and statements in any order, the last of which may be an expression.</value>
    public static CSharpReading Script { get; } = new("", "", SourceCodeKind.Script);

    /// <value>Where a text starts in the syntax of this reading: what to take off its offsets.</value>
    public int Start => before.Length;

    /// <summary>The readings in which a text has the fewest errors; several where nothing tells them apart, a file first.</summary>
    /// <param name="text">The text.</param>
    /// <param name="file">It as a file.</param>
    public static IReadOnlyList<CSharpReading> Of(string text, CompilationUnitSyntax file)
    {
        int errors = File.Errors(file, text).Count;
        // Nothing but types could be members too, but hardly ever is.
        bool isFile =
            file.Members.Any() && file.Members.All(member => member is BaseNamespaceDeclarationSyntax or BaseTypeDeclarationSyntax);
        if (text.Length > LongestExcerpt || (errors == 0 && isFile))
        {
            return [File];
        }
        (CSharpReading Reading, int Errors)[] all =
        [
            (File, errors),
            .. ((CSharpReading[])[Members, Statements, Accessors]).Select(reading => (reading, reading.Errors(text).Count)),
        ];
        int fewest = all.Min(reading => reading.Errors);
        if (fewest == errors && isFile)
        {
            return [File];
        }
        // A script may hold almost anything anywhere, which tells little of what is right in a text that makes sense without.
        return fewest > 0 && Script.Errors(text).Count < fewest
            ? [Script]
            : [.. all.Where(reading => reading.Errors == fewest).Select(reading => reading.Reading)];
    }

    /// <summary>Parses a text, surroundings included.</summary>
    public CompilationUnitSyntax Parse(string text) =>
        (CompilationUnitSyntax)CSharpSyntaxTree.ParseText(before + text + behind, options).GetRoot();

    /// <summary>Where a text has syntax errors, in the order of the text; may be empty, and may lie at the text's end.</summary>
    public IReadOnlyList<int> Errors(string text) => Errors(Parse(text), text);

    /// <summary>Likewise, of what <see cref="Parse"/> made of the text.</summary>
    public IReadOnlyList<int> Errors(CompilationUnitSyntax root, string text) =>
        root.ContainsDiagnostics
            ?
            [
                .. root.GetDiagnostics()
                    .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                    .Select(diagnostic => Math.Clamp(diagnostic.Location.SourceSpan.Start - Start, 0, text.Length))
                    .Order(),
            ]
            : [];
}
