using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.CSharp;

namespace StableDiffCoder.Lsp.Tests.CSharp;

public sealed class MemberHolesTests
{
    // A body that is whole ends in the excerpt; what is cut off is not known to be empty.
    [Theory]
    [InlineData("class A\n{\n    void M() { }\n}\n", new[] { 24 })]
    [InlineData("    readonly int a;\n    public void M() { }\n}\n", new[] { 41 })]
    [InlineData("    x = 1;\n}\nvoid M() { }\nvoid N()\n{\n", new[] { 23 })]
    [InlineData("}\npublic void M() { }\nvoid N()\n{\n    int a;\n", new[] { 19 })]
    [InlineData("    readonly int a;\n    public int M() =>", new[] { 41 })]
    public void EmptyBodies_OfAnExcerpt_AreWhereItHasThem(string text, int[] expected) =>
        Assert.Equal(expected, MemberHoles.EmptyBodies(CSharpText.Read(text)).Select(hole => hole.Start));

    [Theory]
    [InlineData("readonly int a;\npublic A(int «»b)\n    : base(b)\n{ }\n", 47, 1)]
    [InlineData("readonly int a;\npublic A(int b)\n    : base(b)\n{ «»a = b; }\n", 48, 0)]
    [InlineData("readonly int «»a;\npublic A(int b) { }\n", null, 0)]
    [InlineData("x = «»1;\n}\nvoid M() { }\n", null, 0)]
    public void Completing_CursorInAnExcerpt_IsInItsMember(string marked, int? start, int length)
    {
        string text = marked.Replace("«»", "", StringComparison.Ordinal);
        TextSpan? place = MemberHoles.Completing(CSharpText.Read(text), marked.IndexOf('«', StringComparison.Ordinal));
        Assert.Equal(start is int at ? new TextSpan(at, length) : null, place);
    }
}
