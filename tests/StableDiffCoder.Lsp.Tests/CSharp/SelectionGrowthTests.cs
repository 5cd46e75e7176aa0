using CsCheck;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.CSharp;

namespace StableDiffCoder.Lsp.Tests.CSharp;

public sealed class SelectionGrowthTests
{
    private const string Code = """
        using System;
        using System.IO;

        class C
        {
            // Says it.
            void M(int a)
            {
                int b = a + 1; int c = b;
                if (a > 1)
                {
                    Console.Write(b);
                    Console.Write(c);
                }

            }

            int P { get; set; } = 3;
        }

        """;

    // The selection is what stands between « and »; expected is what it grows to.
    [Theory]
    [InlineData("int b = a «+» 1;", "int b = a + 1;")]
    [InlineData("int b = a + 1; «int c = b;»", "int c = b;")]
    [InlineData("int b = «a + 1; int c» = b;", "        int b = a + 1; int c = b;")]
    [InlineData("Console.«Write(b);\n            Console».Write(c);", "            Console.Write(b);\n            Console.Write(c);")]
    [InlineData("            «Console.Write(b);»\n            Console.Write(c);", "Console.Write(b);")]
    [InlineData(
        "        «if (a > 1)\n        {\n            Console.Write(b);»",
        "        if (a > 1)\n        {\n            Console.Write(b);\n            Console.Write(c);\n        }"
    )]
    [InlineData(
        "void «M»(int a)",
        "    void M(int a)\n    {\n        int b = a + 1; int c = b;\n        if (a > 1)\n        {\n            Console.Write(b);\n            Console.Write(c);\n        }\n\n    }"
    )]
    [InlineData("int P { get; «se»t; }", "set;")]
    [InlineData("int P { get; set; } = «»3;", "    int P { get; set; } = 3;")]
    [InlineData("using Sys«tem;\nusing» System.IO;", "using System;\nusing System.IO;")]
    [InlineData("        }\n«»\n    }", "")]
    [InlineData("// Sa«»ys it.", "")]
    public void Grow_Selection_IsWhole(string marked, string expected)
    {
        string code = Code.ReplaceLineEndings("\n");
        string plain = marked.Replace("«", "", StringComparison.Ordinal).Replace("»", "", StringComparison.Ordinal);
        int start = code.IndexOf(plain, StringComparison.Ordinal) + marked.IndexOf('«', StringComparison.Ordinal);
        Assert.Contains(plain, code, StringComparison.Ordinal);
        int length = marked.IndexOf('»', StringComparison.Ordinal) - marked.IndexOf('«', StringComparison.Ordinal) - 1;
        TextSpan grown = SelectionGrowth.Grow(CSharpText.Read(code), new TextSpan(start, length));
        Assert.Equal(expected, code.Substring(grown.Start, grown.Length));
    }

    [Theory]
    [InlineData(
        "readonly int a;\npublic A(int b)\n    : ba«»se(b)\n{\n    a = b;\n}\n",
        "public A(int b)\n    : base(b)\n{\n    a = b;\n}"
    )]
    [InlineData("    x = 1«»;\n}\n\npublic void M()\n{\n    int y;\n", "    x = 1;")]
    [InlineData("    x = 1;\n}\n\npublic void M«»()\n{\n    int y;\n", "public void M()\n{\n    int y;\n")]
    [InlineData("get { return a; }\nset { a = «»value; }\n", "a = value;")]
    [InlineData("get { return a; }\nse«»t { a = value; }\n", "set { a = value; }")]
    public void Grow_SelectionInAnExcerpt_IsWhole(string marked, string expected)
    {
        string code = marked.Replace("«»", "", StringComparison.Ordinal);
        TextSpan grown = SelectionGrowth.Grow(CSharpText.Read(code), new TextSpan(marked.IndexOf('«', StringComparison.Ordinal), 0));
        Assert.Equal(expected, code.Substring(grown.Start, grown.Length));
    }

    [Fact]
    public void Grow_AnySelectionOfAnyText_HoldsItAndIsWholeAfterwards() =>
        Gen.Select(
                Gen.OneOf(Gen.Const(0), Gen.Int[0, Code.Length]),
                Gen.Int[0, Code.Length],
                Gen.Int[0, Code.Length],
                Gen.Int[0, Code.Length]
            )
            .Sample(
                (from, to, one, other) =>
                {
                    CSharpText code = CSharpText.Read(Code[Math.Min(from, to)..Math.Max(from, to)]);
                    int start = Math.Min(Math.Min(one, other), code.Text.Length);
                    int end = Math.Min(Math.Max(one, other), code.Text.Length);
                    var selection = new TextSpan(start, end - start);
                    TextSpan grown = SelectionGrowth.Grow(code, selection);
                    // Blanks at the ends of a selection may be left out, code never. Blanks alone are a cursor where they start.
                    string inside = code.Text.Substring(start, end - start);
                    bool isBlank = string.IsNullOrWhiteSpace(inside);
                    int first = isBlank ? start : start + inside.Length - inside.TrimStart().Length;
                    int last = isBlank ? start : end - (inside.Length - inside.TrimEnd().Length);
                    Assert.True(grown == selection || (grown.Start <= first && last <= grown.End), $"{selection} {grown}");
                    Assert.Equal(grown, SelectionGrowth.Grow(code, grown));
                }
            );
}
