using CsCheck;
using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Engine.Tests.Infilling;

public sealed class ShownCodeTests
{
    private static readonly string[] Pieces = ["x;", "{", "}", "  ", "    ", "\t", "é", "// \"a\""];
    private static readonly string[] LineEnds = ["\n", "\r\n", "\r"];

    [Theory]
    [InlineData("a\n", "    x = 1;\n    y = 2;\n", "", "x = 1;\ny = 2;")]
    [InlineData("a\r\n", "\tif (x)\r\n\t\ty();\r\n", "b", "if (x)\n\ty();")]
    [InlineData("a\n    ", "x = 1;\n    y = 2;", "\n", "x = 1;\ny = 2;")]
    [InlineData("a\r", "    x = 1;\r    y = 2;\r", "b", "x = 1;\ny = 2;")]
    [InlineData("a = ", "f(1,\n        2)", ";", "f(1,\n2)")]
    [InlineData("", "    x\n\n    y", "", "x\n\ny")]
    [InlineData("    ", "", "", "")]
    public void Text_Span_IsDedentedWithLineFeeds(string before, string code, string behind, string shown) =>
        Assert.Equal(shown, ShownCode.Of(before + code + behind, new TextSpan(before.Length, code.Length)).Text);

    [Theory]
    // Whole lines get indentation and line ends of the document.
    [InlineData("a\r\n", "    x = 1;\r\n", "b", "if (c)\n{\n    x = 1;\n}", "    if (c)\r\n    {\r\n        x = 1;\r\n    }\r\n")]
    [InlineData("a\r", "    x = 1;\r", "b", "if (c)\n{\n    x = 1;\n}", "    if (c)\r    {\r        x = 1;\r    }\r")]
    // A first line whose indentation is outside of the span.
    [InlineData("a\n    ", "x = 1;", "\n", "x = 2;\n\ny = 3;", "x = 2;\n\n    y = 3;")]
    // A model that indents by itself.
    [InlineData("a\n", "    x;\n", "", "    x;\n    y;", "    x;\n    y;\n")]
    [InlineData("", "    x;\n", "b", "", "")]
    public void Restore_Answer_FitsTheDocument(string before, string code, string behind, string written, string expected) =>
        Assert.Equal(expected, ShownCode.Of(before + code + behind, new TextSpan(before.Length, code.Length)).Restore(written));

    [Fact]
    public void Restore_WhatWasShown_IsTheCodeUnchanged() =>
        Gen.Select(
                Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 12],
                Gen.Int[0, LineEnds.Length - 1].Select(i => LineEnds[i]),
                Gen.Int[0, 40],
                Gen.Int[0, 40]
            )
            .Sample(
                (pieces, lineEnd, a, b) =>
                {
                    string text = string.Join("", pieces.Select((piece, i) => i % 3 == 2 ? piece + "\n" : piece));
                    text = text.Replace("\n", lineEnd, StringComparison.Ordinal);
                    int start = Math.Min(a, text.Length);
                    TextSpan span = SpanBoundaries.Settle(text, [new TextSpan(start, Math.Min(b, text.Length - start))])[0];
                    string code = text.Substring(span.Start, span.Length);
                    ShownCode shown = ShownCode.Of(text, span);
                    // A code that is only a line end shows as nothing, and nothing is an empty span.
                    Assert.Equal(
                        code.Trim('\r', '\n').Length == 0 && code.Length <= 2 ? "" : code,
                        shown.Text.Length == 0 ? "" : shown.Restore(shown.Text)
                    );
                },
                iter: 2000
            );
}
