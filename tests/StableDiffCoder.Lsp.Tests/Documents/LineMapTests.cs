using StableDiffCoder.Lsp.Documents;
using StableDiffCoder.Lsp.Protocol;

namespace StableDiffCoder.Lsp.Tests.Documents;

public sealed class LineMapTests
{
    [Theory]
    [InlineData("", 1)]
    [InlineData("a", 1)]
    [InlineData("a\n", 2)]
    [InlineData("a\r\nb", 2)]
    [InlineData("a\rb", 2)]
    [InlineData("a\r\r\nb\n\r", 5)]
    [InlineData("a\u0085b\u2028c\u2029d\u000Be\u000Cf", 1)]
    public void Count_LineBreaks_AreThoseOfTheProtocol(string text, int lines) => Assert.Equal(lines, new LineMap(text).Count);

    [Theory]
    // (line, character) → offset, after npm vscode-languageserver-textdocument
    [InlineData("ab\r\ncd\n", 0, 0, 0)]
    [InlineData("ab\r\ncd\n", 0, 2, 2)]
    [InlineData("ab\r\ncd\n", 0, 3, 2)]
    [InlineData("ab\r\ncd\n", 0, 99, 2)]
    [InlineData("ab\r\ncd\n", 0, -1, 0)]
    [InlineData("ab\r\ncd\n", 1, int.MaxValue, 6)]
    [InlineData("ab\r\ncd\n", 2, 0, 7)]
    [InlineData("ab\r\ncd\n", 2, 5, 7)]
    [InlineData("ab\r\ncd\n", 3, 0, 7)]
    [InlineData("ab\r\ncd\n", -1, 1, 0)]
    [InlineData("", 0, 5, 0)]
    [InlineData("\r\r", 1, 1, 1)]
    [InlineData("😀a", 0, 2, 2)]
    public void OffsetAt_AnyPosition_IsClamped(string text, int line, int character, int offset) =>
        Assert.Equal(offset, new LineMap(text).OffsetAt(new Position { Line = line, Character = character }));

    [Fact]
    public void SpanOf_EndBeforeStart_IsSwapped()
    {
        var lines = new LineMap("ab\ncd");
        var range = new TextRange
        {
            Start = new Position { Line = 1, Character = 1 },
            End = new Position { Line = 0, Character = 1 },
        };
        Assert.Equal(new Engine.Infilling.TextSpan(1, 3), lines.SpanOf(range));
    }

    [Fact]
    public void PositionAt_EveryOffsetOutsideABreak_ComesBack()
    {
        const string Text = "ab\r\ncd\r\u0085\u2028e\n\n😀";
        var lines = new LineMap(Text);
        for (int offset = 0; offset <= Text.Length; offset++)
        {
            bool insideBreak = offset > 0 && offset < Text.Length && Text[offset - 1] == '\r' && Text[offset] == '\n';
            Assert.Equal(insideBreak ? offset - 1 : offset, lines.OffsetAt(lines.PositionAt(offset)));
        }
    }
}
