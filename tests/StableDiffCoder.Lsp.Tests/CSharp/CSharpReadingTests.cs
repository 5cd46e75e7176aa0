using CsCheck;
using StableDiffCoder.Lsp.CSharp;

namespace StableDiffCoder.Lsp.Tests.CSharp;

public sealed class CSharpReadingTests
{
    private static readonly (string Name, CSharpReading Reading)[] All =
    [
        ("file", CSharpReading.File),
        ("members", CSharpReading.Members),
        ("statements", CSharpReading.Statements),
        ("accessors", CSharpReading.Accessors),
        ("script", CSharpReading.Script),
    ];

    [Theory]
    [InlineData("using System;\n\nclass A\n{\n    int a;\n}\n", "file")]
    [InlineData("class A { }\n", "file")]
    [InlineData("class A\n{\n    void M()\n    {\n", "file")]
    [InlineData("class A\n{\n    int a = ;\n}\n", "file")]
    [InlineData("using System;\nConsole.Write(1);\nclass A { }\n", "file")]
    [InlineData("int a;\nint b;\n", "file members statements")]
    [InlineData("int a;\nreadonly int b;\n", "members")]
    [InlineData("public A(int a)\n    : base(a)\n{\n    b = a;\n}\n", "members")]
    [InlineData("    int a;\n    public void M() { }\n}\n", "members")]
    [InlineData("    x = 1;\n}\n\npublic void M()\n{\n    int y;\n", "statements")]
    [InlineData("get { return a; }\nset { a = value; }\n", "accessors")]
    [InlineData("#r \"nuget: A\"\nint a = 1;\npublic void M() { }\na + 1", "script")]
    public void Of_Text_IsWhatItIsRightIn(string text, string expected)
    {
        IReadOnlyList<CSharpReading> readings = CSharpReading.Of(text, CSharpReading.File.Parse(text));
        Assert.Equal(expected.Split(' '), readings.Select(reading => All.Single(one => one.Reading == reading).Name));
    }

    [Theory]
    // Nothing tells fields from variables; the changed text does.
    [InlineData("int a;\nint b;\n", "readonly int a;\nint b;\n", 0)]
    [InlineData("int a;\nint b;\n", "int a;\nreadonly int;\n", 1)]
    // As members and as statements, but not half of it each.
    [InlineData("int a;\nint b;\n", "readonly int a;\nb = 1;\n", 1)]
    [InlineData("int a;\nreadonly int b;\n", "int a;\nb = 1;\n", 1)]
    // A file stays one.
    [InlineData("class A { }\n", "class A { }\nreadonly int a;\n", 1)]
    [InlineData("x = 1;\n}\nvoid M()\n{\n", "x = ;\n}\nvoid M()\n{\n", 1)]
    [InlineData("int a = ;\n", "int a = ;\n", 0)]
    public void CountNewErrors_ChangedText_AreThoseOfTheSameReading(string text, string changed, int least)
    {
        int errors = CSharpText.Read(text).CountNewErrors(changed);
        Assert.True(least == 0 ? errors == 0 : errors >= least, $"{errors}");
    }

    [Fact]
    public void Errors_AnyPieceOfAText_LieInItInOrder()
    {
        const string Code = "class A<T>\n{\n    T a = default; // b\n    void M() { foreach (var x in y) { z($\"{x}\"); } }\n}\n";
        Gen.Select(Gen.Int[0, Code.Length], Gen.Int[0, Code.Length], Gen.Int[0, All.Length - 1])
            .Sample(
                (one, other, reading) =>
                {
                    string text = Code[Math.Min(one, other)..Math.Max(one, other)];
                    IReadOnlyList<int> errors = All[reading].Reading.Errors(text);
                    Assert.Equal(errors.Order(), errors);
                    Assert.All(errors, offset => Assert.InRange(offset, 0, text.Length));
                    Assert.Equal(0, CSharpText.Read(text).CountNewErrors(text));
                }
            );
    }
}
