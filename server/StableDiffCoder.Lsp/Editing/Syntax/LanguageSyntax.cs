using System.Collections.Frozen;

namespace StableDiffCoder.Lsp.Editing.Syntax;

/// <summary>What the scanner must know of a language to tell code, strings and comments apart, and blocks from one another.</summary>
internal sealed record LanguageSyntax
{
    /// <value>Name for messages.</value>
    public required string Name { get; init; }

    /// <value>Signs after which the rest of a line is a comment.</value>
    public IReadOnlyList<string> LineComments { get; init; } = [];

    /// <value>What opens and closes a comment over several lines; null when there is none.</value>
    public (string Open, string Close)? BlockComment { get; init; }

    /// <value>Characters that open a string.</value>
    public string Quotes { get; init; } = "\"";

    /// <value>Literals beyond plain strings.</value>
    public LiteralForms Forms { get; init; }

    /// <value>Whether indentation alone makes blocks, after a colon.</value>
    public bool BlocksByIndentation { get; init; }

    /// <value>Words that go on with a construct after its block has been closed.</value>
    public IReadOnlyList<string> ContinuationWords { get; init; } = ["else"];

    /// <value>Words with which a line starts that opens a block, its brace being on the next line.</value>
    public IReadOnlyList<string> HeaderWords { get; init; } = [];

    /// <value>Columns of one indentation step, where a file shows none.</value>
    public int DefaultIndent { get; init; } = 4;

    /// <value>Whether brackets can be trusted to come in pairs; not so in prose and in unknown languages.</value>
    public bool BracketsPair { get; init; } = true;

    /// <summary>Whether the language has a form of literal.</summary>
    public bool Has(LiteralForms form) => (Forms & form) != 0;

    /// <summary>The syntax behind a client's language id; unknown ids get a cautious mixture.</summary>
    public static LanguageSyntax Of(string languageId) =>
        ById.TryGetValue(languageId, out LanguageSyntax? known) ? known : ById.GetValueOrDefault(languageId.ToLowerInvariant(), Unknown);

    private static readonly LanguageSyntax CSharp = new()
    {
        Name = "C#",
        LineComments = ["//"],
        BlockComment = ("/*", "*/"),
        Forms =
            LiteralForms.Verbatim
            | LiteralForms.RawQuotes
            | LiteralForms.Interpolated
            | LiteralForms.CharacterQuote
            | LiteralForms.Directives,
        ContinuationWords = ["else", "catch", "finally"],
        HeaderWords =
        [
            .. "if for foreach while do else switch try catch finally using lock fixed unsafe checked namespace class struct interface".Split(
                ' '
            ),
            .. "enum record public private protected internal static async override virtual sealed abstract partial file readonly get set init".Split(
                ' '
            ),
        ],
    };

    private static readonly LanguageSyntax TypeScript = new()
    {
        Name = "TypeScript",
        LineComments = ["//"],
        BlockComment = ("/*", "*/"),
        Quotes = "\"'",
        Forms = LiteralForms.Template | LiteralForms.RegularExpression | LiteralForms.LineContinuation,
        ContinuationWords = ["else", "catch", "finally"],
        HeaderWords = "if for while do else switch try catch finally function class interface enum namespace export async".Split(' '),
        DefaultIndent = 2,
    };

    private static readonly LanguageSyntax Python = new()
    {
        Name = "Python",
        LineComments = ["#"],
        Quotes = "\"'",
        Forms = LiteralForms.TripleQuotes | LiteralForms.FormatPrefix | LiteralForms.LineContinuation,
        BlocksByIndentation = true,
        ContinuationWords = ["else", "elif", "except", "finally"],
    };

    private static readonly LanguageSyntax CFamily = new()
    {
        Name = "C-like",
        LineComments = ["//"],
        BlockComment = ("/*", "*/"),
        Forms = LiteralForms.CharacterQuote | LiteralForms.Directives | LiteralForms.LineContinuation,
        ContinuationWords = ["else", "catch", "finally"],
        HeaderWords =
            "if for while do else switch try catch finally class struct enum union namespace static public private protected".Split(' '),
    };

    private static readonly LanguageSyntax Go = CFamily with
    {
        Name = "Go",
        Forms = LiteralForms.CharacterQuote | LiteralForms.RawBacktick,
        ContinuationWords = ["else"],
    };

    private static readonly LanguageSyntax Rust = CFamily with
    {
        Name = "Rust",
        Forms = LiteralForms.CharacterQuote | LiteralForms.MultiLineStrings | LiteralForms.LineContinuation,
        ContinuationWords = ["else"],
    };

    private static readonly LanguageSyntax Shell = new()
    {
        Name = "shell",
        LineComments = ["#"],
        Quotes = "\"'",
        Forms = LiteralForms.SpacedComments | LiteralForms.MultiLineStrings,
        ContinuationWords = ["else", "elif"],
        BracketsPair = false,
        DefaultIndent = 2,
    };

    private static readonly LanguageSyntax Unknown = new()
    {
        Name = "unknown",
        LineComments = ["//", "#"],
        BlockComment = ("/*", "*/"),
        Forms = LiteralForms.SpacedComments | LiteralForms.CharacterQuote,
        BracketsPair = false,
    };

    private static readonly FrozenDictionary<string, LanguageSyntax> ById = Pair(
            (CSharp, "csharp cs csx"),
            (TypeScript, "typescript typescriptreact javascript javascriptreact ts js jsx tsx"),
            (Python, "python py"),
            (CFamily, "c cpp objective-c objective-cpp cuda-cpp java groovy swift dart scala php"),
            (CFamily with { Name = "Kotlin", Forms = LiteralForms.CharacterQuote | LiteralForms.TripleQuotes }, "kotlin"),
            (Go, "go"),
            (Rust, "rust zig"),
            (Shell, "shellscript bash sh zsh fish dockerfile makefile perl r ruby elixir powershell"),
            (Shell with { Name = "YAML", Forms = LiteralForms.SpacedComments, Quotes = "\"" }, "yaml toml ini properties"),
            (CFamily with { Name = "JSON", Forms = LiteralForms.None, DefaultIndent = 2 }, "json jsonc"),
            (CFamily with { Name = "CSS", LineComments = [], Quotes = "\"'", Forms = LiteralForms.None, DefaultIndent = 2 }, "css"),
            (CFamily with { Name = "SCSS", Quotes = "\"'", Forms = LiteralForms.None, DefaultIndent = 2 }, "scss less"),
            (
                new()
                {
                    Name = "SQL",
                    LineComments = ["--"],
                    BlockComment = ("/*", "*/"),
                    Quotes = "\"'",
                },
                "sql"
            ),
            (
                new()
                {
                    Name = "Lua",
                    LineComments = ["--"],
                    Quotes = "\"'",
                    DefaultIndent = 2,
                },
                "lua haskell"
            ),
            (
                new()
                {
                    Name = "Lisp",
                    LineComments = [";"],
                    DefaultIndent = 2,
                },
                "clojure lisp scheme racket emacs-lisp"
            ),
            (
                new()
                {
                    Name = "TeX",
                    LineComments = ["%"],
                    Quotes = "",
                    BracketsPair = false,
                },
                "latex tex bibtex"
            ),
            (
                new()
                {
                    Name = "markup",
                    BlockComment = ("<!--", "-->"),
                    Quotes = "",
                    BracketsPair = false,
                    DefaultIndent = 2,
                },
                "html xml xsl xaml vue svelte razor markdown"
            ),
            (
                new()
                {
                    Name = "prose",
                    Quotes = "",
                    BracketsPair = false,
                },
                "plaintext text restructuredtext asciidoc git-commit git-rebase"
            )
        )
        .ToFrozenDictionary(StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, LanguageSyntax>> Pair(params (LanguageSyntax Syntax, string Ids)[] languages) =>
        languages.SelectMany(language => language.Ids.Split(' ').Select(id => KeyValuePair.Create(id, language.Syntax)));
}
