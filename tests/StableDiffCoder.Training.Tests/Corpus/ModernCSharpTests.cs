using Microsoft.CodeAnalysis.CSharp;
using StableDiffCoder.Training.Corpus.Style;

namespace StableDiffCoder.Training.Tests.Corpus;

public class ModernCSharpTests
{
    [Theory]
    [InlineData("if (x == null) return;", "if (x is null) return;")]
    [InlineData("if (x != null) return;", "if (x is not null) return;")]
    [InlineData("var b = !(x is string);", "var b = x is not string;")]
    [InlineData("if (x == null) throw new ArgumentNullException(\"x\");", "ArgumentNullException.ThrowIfNull(x);")]
    [InlineData("if (x == null) throw new ArgumentNullException(\"y\");", "if (x is null) throw new ArgumentNullException(\"y\");")]
    [InlineData("Foo f = new Foo(1);", "var f = new Foo(1);")]
    [InlineData("int[] a = new int[] { 1, 2 };", "int[] a = [1, 2];")]
    [InlineData("String s = String.Empty;", "string s = string.Empty;")]
    [InlineData("Bar (x, a [1]);", "Bar(x, a[1]);")]
    public void Rewrite_Statement(string before, string after) =>
        Assert.Contains(
            $"        {after}\n",
            Rewrite($"class C\n{{\n    void M(object x)\n    {{\n        {before}\n        End();\n    }}\n}}\n"),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("int P { get { return p; } }", "int P => p;")]
    [InlineData("int P { get { return p; } set { p = value; } }", "int P { get => p; set => p = value; }")]
    [InlineData("int M() { return 1; }", "int M() => 1;")]
    [InlineData("int M() { /* why */ return 1; }", "int M() { /* why */ return 1; }")]
    [InlineData("Foo f = new Foo(1);", "Foo f = new(1);")]
    [InlineData("C(string s) { throw new ArgumentNullException(\"s\"); }", "C(string s) { throw new ArgumentNullException(nameof(s)); }")]
    public void Rewrite_Member(string before, string after) =>
        Assert.Contains($"    {after}\n", Rewrite($"class C\n{{\n    {before}\n}}\n"), StringComparison.Ordinal);

    [Fact]
    public void Rewrite_MonoStyle_BecomesTodaysStyle()
    {
        const string before =
            "using System;\n\nnamespace A.B {\n\tclass C {\n\t\tvoid M (int x) {\n\t\t\tif (x > 0) {\n\t\t\t\tRun (x);\n\t\t\t} else {\n\t\t\t\tStop ();\n\t\t\t}\n\t\t}\n\t}\n}\n";
        const string after =
            "using System;\n\nnamespace A.B;\n\nclass C\n{\n    void M(int x)\n    {\n        if (x > 0)\n        {\n            Run(x);\n        }\n        else\n        {\n            Stop();\n        }\n    }\n}\n";

        Assert.Equal(after, Rewrite(before));
    }

    [Fact]
    public void Rewrite_VerbatimString_KeepsItsLines()
    {
        const string text = "namespace A\n{\n    class C\n    {\n        string s = @\"one\n    two\n\tthree  \n\n\nfour\";\n    }\n}\n";

        Assert.Contains("@\"one\n    two\n\tthree  \n\n\nfour\"", Rewrite(text), StringComparison.Ordinal);
    }

    [Fact]
    public void Rewrite_TwoNamespaces_StayBlocks() =>
        Assert.Contains(
            "namespace B\n{",
            Rewrite("namespace A\n{\n    class C;\n}\n\nnamespace B\n{\n    class D;\n}\n"),
            StringComparison.Ordinal
        );

    [Fact]
    public void Rewrite_BrokenText_IsKept() => Assert.Equal("namespace A { class", Rewrite("namespace A { class"));

    [Fact]
    public void Rewrite_NoRuleDrawn_KeepsText()
    {
        const string text = "namespace A {\n\tclass C { }\n}\n";

        Assert.Equal(text, ModernCSharp.Rewrite(text, _ => 0.99));
    }

    [Fact]
    public void Rewrite_ResultParsesAndIsAFixedPoint()
    {
        const string text =
            "namespace A {\n#if NET\n\tusing X;\n#endif\n\tclass C {\n\t\tpublic int this [int i] { get { return items [i]; } }\n\t\tpublic bool Has { get { return items != null && !(items is Foo); } }\n\t}\n}\n";
        string once = Rewrite(text);

        Assert.Empty(CSharpSyntaxTree.ParseText(once).GetDiagnostics());
        Assert.Equal(once, Rewrite(once));
        Assert.Contains("public int this[int i] => items[i];", once, StringComparison.Ordinal);
        Assert.Contains("public bool Has => items is not null && items is not Foo;", once, StringComparison.Ordinal);
    }

    private static string Rewrite(string text) => ModernCSharp.Rewrite(text, _ => 0);
}
