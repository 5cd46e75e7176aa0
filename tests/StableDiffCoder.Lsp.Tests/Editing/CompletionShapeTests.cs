using StableDiffCoder.Lsp.Editing;

namespace StableDiffCoder.Lsp.Tests.Editing;

/// <summary>What the sampler is told, and that it is told no more than the rules would cut anyway.</summary>
public sealed class CompletionShapeTests
{
    [Theory]
    [InlineData("var a = |", "csharp", "\\n")]
    [InlineData("f(|);", "csharp", "\\n")]
    [InlineData("if (a) {|\n}", "csharp", "\\n\\n\\n,\\n}")]
    [InlineData("class A {\n    void F() {\n        |\n    }\n}", "csharp", "\\n\\n\\n,\\n    }")]
    [InlineData("if (a) {|", "csharp", "\\n\\n\\n")]
    [InlineData("class A:\n    def f(self):|", "python", "\\n\\n\\n,\\n    def ,\\n    class ,\\n    @")]
    public void StopStrings_OfAPlace_EndItsTexts(string file, string language, string expected)
    {
        CompletionShape shape = At(file, language).Shape;
        Assert.Equal(expected, string.Join(',', shape.StopStrings).Replace("\n", "\\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("var a = |", "csharp", "b;", null)]
    [InlineData("var a = |", "csharp", "b;\nvar c", "b;")]
    [InlineData("if (a) {|", "csharp", "\n    b();", null)]
    [InlineData("if (a) {|", "csharp", "\n    b();\n}", null)]
    [InlineData("if (a) {|", "csharp", "\n    b();\n}\n", "\n    b();\n}")]
    [InlineData("if (a) {|", "csharp", "\n    b();\n} else {\n    c();", null)]
    [InlineData("if (a) {|", "csharp", "\n    b();\nc();", "\n    b();")]
    [InlineData("if (a) {|\n}", "csharp", "\n    b();\n}", "\n    b();")]
    [InlineData("def f():|", "python", "\n    a()\n\n    b()", null)]
    [InlineData("def f():|", "python", "\n    a()\n\nb", "\n    a()")]
    [InlineData("def f():\n    |", "python", "a()\n    b()\nc", "a()\n    b()")]
    public void EndOf_AGrowingText_IsWhereItIsEnough(string file, string language, string text, string? expected)
    {
        int? end = At(file, language).Shape.EndOf(text);
        Assert.Equal(expected, end is int found ? text[..found] : null);
    }

    private static EditContext At(string file, string language) =>
        new(file.Replace("|", "", StringComparison.Ordinal), language, file.IndexOf('|', StringComparison.Ordinal));
}
