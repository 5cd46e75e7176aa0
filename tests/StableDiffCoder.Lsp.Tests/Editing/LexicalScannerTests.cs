using CsCheck;
using StableDiffCoder.Lsp.Editing;
using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Tests.Editing;

public sealed class LexicalScannerTests
{
    [Theory]
    [InlineData("csharp", "a // b", nameof(LexicalKind.LineComment))]
    [InlineData("csharp", "a // b\n", nameof(LexicalKind.Code))]
    [InlineData("csharp", "a /* b\n", nameof(LexicalKind.BlockComment))]
    [InlineData("csharp", "a /* b */", nameof(LexicalKind.Code))]
    [InlineData("csharp", "\"a\\\"", nameof(LexicalKind.LineString))]
    [InlineData("csharp", "\"a\\\\\"", nameof(LexicalKind.Code))]
    [InlineData("csharp", "\"a\n", nameof(LexicalKind.Code))]
    [InlineData("csharp", "@\"a\n", nameof(LexicalKind.MultiLineString))]
    [InlineData("csharp", "@\"a\"\"", nameof(LexicalKind.MultiLineString))]
    [InlineData("csharp", "@\"a\"\"\"", nameof(LexicalKind.Code))]
    [InlineData("csharp", "$@\"{a}\n", nameof(LexicalKind.MultiLineString))]
    [InlineData("csharp", "@$\"{", nameof(LexicalKind.Code))]
    [InlineData("csharp", "\"\"\"a\"\"b", nameof(LexicalKind.RawString))]
    [InlineData("csharp", "\"\"\"a\"\"\"", nameof(LexicalKind.Code))]
    [InlineData("csharp", "\"\"\"\"a\"\"\"", nameof(LexicalKind.RawString))]
    [InlineData("csharp", "$\"\"\"{a} {{", nameof(LexicalKind.Code))]
    [InlineData("csharp", "$$\"\"\"{a} {", nameof(LexicalKind.RawString))]
    [InlineData("csharp", "$$\"\"\"{a} {{b", nameof(LexicalKind.Code))]
    [InlineData("csharp", "$$\"\"\"{a} {{b}} c", nameof(LexicalKind.RawString))]
    [InlineData("csharp", "$\"{a(\"b\")} c", nameof(LexicalKind.LineString))]
    [InlineData("csharp", "$\"{new { A = 1 }} c", nameof(LexicalKind.LineString))]
    [InlineData("csharp", "'\"' + ", nameof(LexicalKind.Code))]
    [InlineData("csharp", "'\\'' + ", nameof(LexicalKind.Code))]
    [InlineData("csharp", "'\\u0041' + ", nameof(LexicalKind.Code))]
    [InlineData("csharp", "#error it's \"", nameof(LexicalKind.Directive))]
    [InlineData("csharp", "  #if A\n", nameof(LexicalKind.Code))]
    [InlineData("typescript", "`a ${b} c", nameof(LexicalKind.MultiLineString))]
    [InlineData("typescript", "`a ${b + `c ${d", nameof(LexicalKind.Code))]
    [InlineData("typescript", "`a ${b + `c ${d}`} e", nameof(LexicalKind.MultiLineString))]
    [InlineData("typescript", "`a ${b({c: 1})}`", nameof(LexicalKind.Code))]
    [InlineData("typescript", "`a \\${b", nameof(LexicalKind.MultiLineString))]
    [InlineData("typescript", "'a\\\nb", nameof(LexicalKind.LineString))]
    [InlineData("typescript", "x = /'/; y", nameof(LexicalKind.Code))]
    [InlineData("typescript", "x = /[/'\"]/; y", nameof(LexicalKind.Code))]
    [InlineData("typescript", "x = a / b + '", nameof(LexicalKind.LineString))]
    [InlineData("typescript", "return /'/.test(a)", nameof(LexicalKind.Code))]
    [InlineData("typescript", "<a href=\"x\">b</a><i>", nameof(LexicalKind.Code))]
    [InlineData("python", "# it's", nameof(LexicalKind.LineComment))]
    [InlineData("python", "'''a'", nameof(LexicalKind.MultiLineString))]
    [InlineData("python", "'''a\n'''", nameof(LexicalKind.Code))]
    [InlineData("python", "f'{a", nameof(LexicalKind.Code))]
    [InlineData("python", "f'{{a", nameof(LexicalKind.LineString))]
    [InlineData("python", "rf\"{a}", nameof(LexicalKind.LineString))]
    [InlineData("python", "half'{a", nameof(LexicalKind.LineString))]
    [InlineData("python", "f'''{a\n}", nameof(LexicalKind.MultiLineString))]
    [InlineData("rust", "fn f<'a>(b: &'a str", nameof(LexicalKind.Code))]
    [InlineData("rust", "let a = \"b\n", nameof(LexicalKind.MultiLineString))]
    [InlineData("go", "a := `b\\`", nameof(LexicalKind.Code))]
    [InlineData("shellscript", "a=${#b} c", nameof(LexicalKind.Code))]
    [InlineData("shellscript", "a 'b\\' c", nameof(LexicalKind.Code))]
    [InlineData("sql", "select 1 -- it's", nameof(LexicalKind.LineComment))]
    [InlineData("html", "<p>it's <!-- b", nameof(LexicalKind.BlockComment))]
    [InlineData("plaintext", "it's \"", nameof(LexicalKind.Code))]
    [InlineData("unheard-of", "see http://a.b it's", nameof(LexicalKind.Code))]
    public void FrameAt_TheEnd_IsWhatTheTextIsIn(string languageId, string text, string expected) =>
        Assert.Equal(expected, Frame(LanguageSyntax.Of(languageId), text).Kind.ToString());

    [Fact]
    public void FrameAt_InTwoParts_IsThatOfTheWhole() =>
        // Cut where no quote, brace or sign of several characters is torn: behind a letter.
        Gen.Select(Gen.String["ab\"'`/*#{}()$@\\\n "], Gen.OneOf("csharp", "typescript", "python", "go"), Gen.Int[0, 100])
            .Sample(
                (text, languageId, at) =>
                {
                    LanguageSyntax language = LanguageSyntax.Of(languageId);
                    at = at >= text.Length ? -1 : text.IndexOf('b', at);
                    if (at < 0)
                    {
                        return;
                    }
                    LexicalFrame half = LexicalScanner.FrameAt(language, text, 0, at, LexicalFrame.File);
                    Assert.Equal(Frame(language, text), LexicalScanner.FrameAt(language, text, at, text.Length, half));
                },
                iter: 5000
            );

    [Fact]
    public void Surroundings_OfALongFile_AreReadFromNearBy()
    {
        string filler = string.Concat(Enumerable.Repeat("int number;\n", 4000));
        var options = new EditingOptions { ExactLength = 1024, LookBack = 2048 };
        var place = new EditContext(filler + "if (a) { // b\n    c(", "csharp", filler.Length + 20, null, options);
        Assert.False(place.Surroundings.IsExact);
        Assert.Equal(LexicalKind.Code, place.Surroundings.Before.Kind);
        Assert.Equal(['(', '{'], place.Surroundings.Brackets.Select(bracket => bracket.Symbol));
    }

    [Fact]
    public void Surroundings_OfAMillionBrackets_AreFoundAtOnce()
    {
        string file = new string('(', 400_000) + new string(']', 400_000);
        var place = new EditContext(file, "csharp", 400_000);
        Assert.All(place.Surroundings.Brackets, bracket => Assert.False(bracket.ClosedBehind));
    }

    [Theory]
    [InlineData("a(b[c{|d}e)", "{:True [:False (:True")]
    [InlineData("f(g(|)", "(:True (:False")]
    [InlineData("class A {\n  f() {|\n}", "{:False {:True")]
    [InlineData("class A {\n  f() {|\n  }\n}", "{:True {:True")]
    [InlineData("f(\"(\", '(', /* ( */ |)", "(:True")]
    public void Surroundings_Brackets_KnowWhatClosesThem(string file, string expected)
    {
        var place = new EditContext(file.Replace("|", "", StringComparison.Ordinal), "csharp", file.IndexOf('|', StringComparison.Ordinal));
        Assert.Equal(expected, string.Join(' ', place.Surroundings.Brackets.Select(bracket => $"{bracket.Symbol}:{bracket.ClosedBehind}")));
    }

    private static LexicalFrame Frame(LanguageSyntax language, string text) =>
        LexicalScanner.FrameAt(language, text, 0, text.Length, LexicalFrame.File);
}
