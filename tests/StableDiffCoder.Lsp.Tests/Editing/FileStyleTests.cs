using StableDiffCoder.Lsp.Editing;
using StableDiffCoder.Lsp.Editing.Syntax;

namespace StableDiffCoder.Lsp.Tests.Editing;

public sealed class FileStyleTests
{
    [Theory]
    [InlineData("", "csharp", false, 4, "\n", false, false)]
    [InlineData("", "typescript", false, 2, "\n", false, false)]
    [InlineData("a\n  b\n  c\n    d\n", "csharp", false, 2, "\n", false, true)]
    [InlineData("a\r\n    b\r\n        c\r\n", "typescript", false, 4, "\r\n", false, true)]
    [InlineData("a\n\tb\n\t\tc\n", "csharp", true, 4, "\n", false, true)]
    [InlineData("a\n/*\n * b\n * c\n */\n   d\n", "csharp", false, 3, "\n", false, true)]
    [InlineData("if a:\n    b(\n            c)\nd(\n            e)\n", "python", false, 4, "\n", false, true)]
    [InlineData("a\rb\r", "python", false, 4, "\r", false, false)]
    [InlineData("a\n{\n    b\n    {\n", "csharp", false, 4, "\n", true, true)]
    [InlineData("a {\n    b {\n", "csharp", false, 4, "\n", false, true)]
    public void Of_AFile_IsReadOffItsLines(
        string text,
        string languageId,
        bool tabs,
        int width,
        string newLine,
        bool ownLine,
        bool shown
    ) => Assert.Equal(new FileStyle(tabs, width, newLine, ownLine, shown), FileStyle.Of(text, LanguageSyntax.Of(languageId)));

    [Theory]
    [InlineData(0, "")]
    [InlineData(4, "\t")]
    [InlineData(10, "\t\t  ")]
    public void Indent_WithTabs_AlignsByBlanks(int column, string expected) =>
        Assert.Equal(expected, new FileStyle(true, 4, "\n", false, true).Indent(column));

    [Theory]
    [InlineData("minimumCharacters is 0; use 1 to 100", 0, 1 << 20)]
    [InlineData("exactLength is -1; use 0 to 67108864", 2, -1)]
    public void Validate_OptionOutOfBounds_IsNamed(string expected, int minimum, int exact)
    {
        var options = new EditingOptions { MinimumCharacters = minimum, ExactLength = exact };
        Assert.Equal(expected, Assert.Throws<ArgumentException>(options.Validate).Message);
    }
}
