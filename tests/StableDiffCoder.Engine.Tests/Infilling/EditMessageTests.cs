using StableDiffCoder.Engine.Infilling;

namespace StableDiffCoder.Engine.Tests.Infilling;

public sealed class EditMessageTests
{
    [Fact]
    public void Write_WithContext_IsTheDocumentedText() =>
        Assert.Equal(
            "rename a to b\n\nBefore:\n```\nclass C\n```\n\nAfter:\n```\n}\n```\n\nRewrite:\n```\nint a;\n```",
            EditMessage.Write(" rename a to b\n", "int a;", "\nclass C\r\n", "\n}\n")
        );

    [Fact]
    public void Write_WithoutContext_LeavesTheHeadingsOut() =>
        Assert.Equal("do it\n\nRewrite:\n```\nx\n```", EditMessage.Write("do it", "x", "", " \n"));

    [Fact]
    public void Write_CodeWithFences_GetsALongerOne() =>
        Assert.Equal("do it\n\nRewrite:\n````\n```\n````", EditMessage.Write("do it", "```", "", ""));

    [Theory]
    [InlineData("```\nx;\n```", "x;")]
    [InlineData("Sure:\n```csharp\n  x;\n\ny;\n```\nThat is all.", "  x;\n\ny;")]
    [InlineData("```\nx;", "x;")] // cut short
    [InlineData("x;\n", "x;")]
    [InlineData("```\r\nx;\r\n```\r\n", "x;")]
    [InlineData("", "")]
    [InlineData("````\n```\n````", "```")]
    public void Read_Answer_IsItsCode(string answer, string code) => Assert.Equal(code, EditMessage.Read(answer, "old"));

    [Fact]
    public void Read_CodeThatHasFences_KeepsThem() => Assert.Equal("```\na\n```", EditMessage.Read("```\na\n```", "```\nb\n```"));

    [Theory]
    [InlineData("x")]
    [InlineData("a\n```\nb")]
    [InlineData("  indented\n\nend")]
    public void Read_AnswerItself_IsTheCode(string code) => Assert.Equal(code, EditMessage.Read(EditMessage.Answer(code), code));

    [Theory]
    [InlineData("```\nx;\n```", false)] // a longer line could begin so
    [InlineData("```\nx;\n```\n", true)]
    [InlineData("```\nx;\n", false)]
    [InlineData("x;\n", false)]
    public void IsComplete_Answer_OnceItsFenceIsClosed(string answer, bool complete) =>
        Assert.Equal(complete, EditMessage.IsComplete(answer, "old"));
}
