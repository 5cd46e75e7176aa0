using Microsoft.CodeAnalysis.Text;
using StableDiffCoder.Training.Sft;

namespace StableDiffCoder.Training.Tests.Sft;

/// <summary>What each kind does to small members.</summary>
public sealed class EditKindTests
{
    public static TheoryData<string, string, string> Edits =>
        new()
        {
            {
                "null-check",
                "void M(string s)\n{\n    F(s);\n}",
                "void M(string s)\n{\n    ArgumentNullException.ThrowIfNull(s);\n    F(s);\n}"
            },
            {
                "null-check",
                "C(List<int> a, object b)\n{\n    ArgumentNullException.ThrowIfNull(a); // first\n    x = b;\n}",
                "C(List<int> a, object b)\n{\n    ArgumentNullException.ThrowIfNull(a); // first\n    ArgumentNullException.ThrowIfNull(b);\n    x = b;\n}"
            },
            {
                "null-check-if",
                "void M(string s)\n{\n    F(s);\n}",
                "void M(string s)\n{\n    if (s == null)\n    {\n        throw new ArgumentNullException(nameof(s));\n    }\n    F(s);\n}"
            },
            {
                "null-check-if",
                "void M(int[] s) {\n    F(s);\n}",
                "void M(int[] s) {\n    if (s == null) {\n        throw new ArgumentNullException(nameof(s));\n    }\n    F(s);\n}"
            },
            { "to-block-body", "int M(int a) => a + 1;", "int M(int a)\n{\n    return a + 1;\n}" },
            { "to-block-body", "void M() => F();", "void M()\n{\n    F();\n}" },
            { "to-block-body", "async Task M() => await F();", "async Task M()\n{\n    await F();\n}" },
            { "to-block-body", "async Task<int> M() => await F();", "async Task<int> M()\n{\n    return await F();\n}" },
            { "to-block-body", "int M() => throw new Exception();", "int M()\n{\n    throw new Exception();\n}" },
            { "to-block-body", "int P => x;", "int P\n{\n    get { return x; }\n}" },
            { "to-block-body", "int M()\n    => x;", "int M()\n{\n    return x;\n}" },
            { "to-expression-body", "int M(int a)\n{\n    return a + 1;\n}", "int M(int a) => a + 1;" },
            { "to-expression-body", "void M()\n{\n    F();\n}", "void M() => F();" },
            { "to-expression-body", "int P\n{\n    get { return x; }\n}", "int P => x;" },
            { "to-expression-body", "int P { get { return x; } }", "int P => x;" },
            { "to-expression-body", "async Task M()\n{\n    await F();\n}", "async Task M() => await F();" },
            {
                "invert-if",
                "void M(bool b)\n{\n    if (b)\n    {\n        F();\n    }\n    else\n    {\n        G();\n    }\n}",
                "void M(bool b)\n{\n    if (!b)\n    {\n        G();\n    }\n    else\n    {\n        F();\n    }\n}"
            },
            {
                "invert-if",
                "int M(int a)\n{\n    if (a < 3)\n        return 1;\n    else\n        return 2;\n}",
                "int M(int a)\n{\n    if (a >= 3)\n        return 2;\n    else\n        return 1;\n}"
            },
            {
                "invert-if",
                "int M(double a)\n{\n    if (a < 3)\n        return 1;\n    else\n        return 2;\n}",
                "int M(double a)\n{\n    if (!(a < 3))\n        return 2;\n    else\n        return 1;\n}"
            },
            {
                "invert-if",
                "int M(object a)\n{\n    if (!(a == null))\n        return 1;\n    else\n        return 2;\n}",
                "int M(object a)\n{\n    if (a == null)\n        return 2;\n    else\n        return 1;\n}"
            },
            {
                "invert-if",
                "int M(object a)\n{\n    if (a is null)\n        return 1;\n    else\n        return 2;\n}",
                "int M(object a)\n{\n    if (a is not null)\n        return 2;\n    else\n        return 1;\n}"
            },
            {
                "invert-if",
                "int M(bool a, bool b)\n{\n    if (a && b)\n        return 1;\n    else\n        return 2;\n}",
                "int M(bool a, bool b)\n{\n    if (!(a && b))\n        return 2;\n    else\n        return 1;\n}"
            },
            { "var-to-type", "void M()\n{\n    var x = new List<int>();\n}", "void M()\n{\n    List<int> x = new List<int>();\n}" },
            {
                "var-to-type",
                "void M(Dictionary<string, int> d)\n{\n    foreach (var x in d)\n    {\n    }\n}",
                "void M(Dictionary<string, int> d)\n{\n    foreach (KeyValuePair<string, int> x in d)\n    {\n    }\n}"
            },
            { "type-to-var", "void M()\n{\n    string x = \"a\" + 1;\n}", "void M()\n{\n    var x = \"a\" + 1;\n}" },
            { "add-async", "Task<int> M()\n{\n    return FooAsync(1);\n}", "async Task<int> M()\n{\n    return await FooAsync(1);\n}" },
            { "add-async", "public Task M() => FooAsync();", "public async Task M() => await FooAsync();" },
            {
                "add-async",
                "Task<int> M(bool b)\n{\n    if (b)\n    {\n        return Task.FromResult(3);\n    }\n    return FooAsync();\n}",
                "async Task<int> M(bool b)\n{\n    if (b)\n    {\n        return 3;\n    }\n    return await FooAsync();\n}"
            },
            {
                "add-async",
                "Task M(bool b)\n{\n    if (b)\n    {\n        return Task.CompletedTask;\n    }\n    return FooAsync();\n}",
                "async Task M(bool b)\n{\n    if (b)\n    {\n        return;\n    }\n    await FooAsync();\n}"
            },
            {
                "add-async",
                "void M()\n{\n    FooAsync().Wait();\n    int n = BarAsync().Result.Length;\n}",
                "async Task M()\n{\n    await FooAsync();\n    int n = (await BarAsync()).Length;\n}"
            },
            {
                "add-async",
                "int M()\n{\n    return FooAsync().ConfigureAwait(false).GetAwaiter().GetResult();\n}",
                "async Task<int> M()\n{\n    return await FooAsync().ConfigureAwait(false);\n}"
            },
            {
                "remove-async",
                "async Task<int> M()\n{\n    F();\n    return await Task.FromResult(3).ConfigureAwait(false);\n}",
                "Task<int> M()\n{\n    F();\n    return Task.FromResult(3);\n}"
            },
            { "remove-async", "public async Task M() => await Task.Delay(1);", "public Task M() => Task.Delay(1);" },
            {
                "remove-async",
                "async Task M()\n{\n    F();\n    await Task.Delay(1);\n}",
                "Task M()\n{\n    F();\n    return Task.Delay(1);\n}"
            },
            {
                "format-to-interpolation",
                "string M(int a, string b)\n{\n    return string.Format(\"{{{0:x}}} {1,-3}: {1}\", a + 1, b);\n}",
                "string M(int a, string b)\n{\n    return $\"{{{a + 1:x}}} {b,-3}: {b}\";\n}"
            },
            {
                "xml-summary",
                "int GetHTTPHeaderCount()\n{\n    return 1;\n}",
                "/// <summary>\n/// Gets the HTTP header count.\n/// </summary>\nint GetHTTPHeaderCount()\n{\n    return 1;\n}"
            },
            {
                "xml-summary",
                "[Obsolete]\nbool IsReadOnly { get; set; }",
                "/// <summary>\n/// Gets or sets whether it is read only.\n/// </summary>\n[Obsolete]\nbool IsReadOnly { get; set; }"
            },
            {
                "readonly-field",
                "private string name;\n\nC(string n)\n{\n    this.name = n;\n}",
                "private readonly string name;\n\nC(string n)\n{\n    this.name = n;\n}"
            },
            { "readonly-field", "private static int count = 3;", "private static readonly int count = 3;" },
            {
                "foreach-to-for",
                "void M(int[] a)\n{\n    foreach (var x in a)\n    {\n        F(x);\n    }\n}",
                "void M(int[] a)\n{\n    for (int i = 0; i < a.Length; i++)\n    {\n        var x = a[i];\n        F(x);\n    }\n}"
            },
            {
                "foreach-to-for",
                "void M(List<string> a, int i)\n{\n    foreach (string x in a) {\n        F(x);\n    }\n}",
                "void M(List<string> a, int i)\n{\n    for (int j = 0; j < a.Count; j++) {\n        string x = a[j];\n        F(x);\n    }\n}"
            },
            {
                "for-to-foreach",
                "void M(int[] a)\n{\n    for (int i = 0; i < a.Length; i++)\n    {\n        F(a[i], a[i]);\n    }\n}",
                "void M(int[] a)\n{\n    foreach (var item in a)\n    {\n        F(item, item);\n    }\n}"
            },
            {
                "for-to-foreach",
                "void M(string[] a)\n{\n    for (int i = 0; i < a.Length; ++i)\n    {\n        string s = a[i];\n        F(s);\n    }\n}",
                "void M(string[] a)\n{\n    foreach (string s in a)\n    {\n        F(s);\n    }\n}"
            },
        };

    [Theory]
    [MemberData(nameof(Edits))]
    public void Find_PlaceForTheEdit_GivesTheNewText(string kind, string before, string after)
    {
        IReadOnlyList<string> found = EditTexts.After(kind, EditTexts.InClass(before));
        Assert.Contains(EditTexts.InClass(after), found);
        Assert.All(EditTexts.Sites(kind, EditTexts.InClass(before)), site => Assert.NotEmpty(site.Changes));
    }

    [Theory]
    [InlineData("null-check", "void M(int n, string? s, ref string r, string d = null)\n{\n    F();\n}")]
    [InlineData("null-check", "void M(string s)\n{\n    if (s == null) return;\n}")]
    [InlineData("null-check", "void M(string s) { F(s); }")] // no line to add
    [InlineData("null-check", "void M(Unknown u)\n{\n    F(u);\n}")] // may be a struct
    [InlineData("null-check-if", "void M(string s)\n{\n    x = s ?? \"\";\n}")]
    [InlineData("to-block-body", "int M() => // why\n    1;")]
    [InlineData("to-block-body", "int P { get => 1; }")]
    [InlineData("to-expression-body", "int M()\n{\n    // why\n    return 1;\n}")]
    [InlineData("to-expression-body", "int P\n{\n    get { return x; }\n    set { x = value; }\n}")]
    [InlineData("to-expression-body", "int M()\n{\n    F();\n    return 1;\n}")]
    [InlineData("to-expression-body", "int M()\n{\n    F();\n}")] // no value: not even valid
    [InlineData("invert-if", "void M(bool b)\n{\n    if (b)\n    {\n        F();\n    }\n}")]
    [InlineData(
        "invert-if",
        "void M(object o)\n{\n    if (o is string s)\n    {\n        F(s);\n    }\n    else\n    {\n        G();\n    }\n}"
    )]
    [InlineData("invert-if", "void M(bool b)\n{\n    if (b)\n    {\n        F();\n    }\n    else if (c)\n    {\n        G();\n    }\n}")]
    [InlineData("var-to-type", "void M()\n{\n    var x = new { A = 1 };\n    var y = Unknown();\n}")]
    [InlineData(
        "type-to-var",
        "void M()\n{\n    object x = \"a\";\n    byte b = 1;\n    List<int> l = new();\n    const int k = 1;\n    string n = null;\n    int[] a = { 1 };\n    Func<int> f = () => 1;\n    int p = 1, q = 2;\n}"
    )]
    [InlineData("add-async", "Task<int> M()\n{\n    try\n    {\n        return FooAsync();\n    }\n    finally\n    {\n    }\n}")]
    [InlineData("add-async", "Task<int> M(out int n)\n{\n    n = 1;\n    return FooAsync();\n}")]
    [InlineData("add-async", "Task<int> M()\n{\n    return Task.FromResult(1);\n}")] // nothing to await
    [InlineData("add-async", "async Task<int> M()\n{\n    return await FooAsync();\n}")]
    [InlineData("add-async", "void M()\n{\n    lock (x)\n    {\n        FooAsync().Wait();\n    }\n}")]
    [InlineData("add-async", "void M()\n{\n    Action a = () => FooAsync().Wait();\n}")]
    [InlineData("remove-async", "async Task<int> M()\n{\n    using (F())\n    {\n        return await Task.FromResult(1);\n    }\n}")]
    [InlineData("remove-async", "async Task<int> M()\n{\n    using var f = F();\n    return await Task.FromResult(1);\n}")]
    [InlineData("remove-async", "async Task<int> M()\n{\n    return 1 + await Task.FromResult(1);\n}")]
    [InlineData("remove-async", "async Task<int> M()\n{\n    await Task.Delay(1);\n    return await Task.FromResult(1);\n}")]
    [InlineData("remove-async", "async Task<object> M()\n{\n    return await Task.FromResult(\"a\");\n}")] // Task<string> is no Task<object>
    [InlineData("remove-async", "async Task<int> M()\n{\n    return await Unknown();\n}")] // may be a ValueTask
    [InlineData("format-to-interpolation", "string M(int a)\n{\n    return string.Format(\"{0}\", a > 1 ? \"x\" : \"y\");\n}")]
    [InlineData("format-to-interpolation", "string M(object[] a)\n{\n    return string.Format(\"{0}\", a);\n}")]
    [InlineData("format-to-interpolation", "string M(int a, int b)\n{\n    return string.Format(\"{0}\", a, b);\n}")] // b would not be evaluated
    [InlineData("format-to-interpolation", "string M(int a)\n{\n    return string.Format(\"{0} {1}\", a);\n}")]
    [InlineData("format-to-interpolation", "string M(int a)\n{\n    return string.Format(\"{0} {0}\", F(a));\n}")]
    [InlineData("xml-summary", "/// <summary>Has one.</summary>\nint GetValue() => 1;\n\nint Frobnicate() => 1;")]
    [InlineData("readonly-field", "private int n = 1;\n\nvoid M()\n{\n    n++;\n}")]
    [InlineData("readonly-field", "private int n;\n\nC()\n{\n    Action a = () => n = 1;\n}")]
    [InlineData("readonly-field", "private int n;\n\nC(C other)\n{\n    other.n = 1;\n}")]
    [InlineData("readonly-field", "private int n = 1;\n\nvoid M()\n{\n    F(ref n);\n    (n, _) = (1, 2);\n}")]
    [InlineData(
        "readonly-field",
        "private int n;\nprivate Unknown u = new Unknown();\nprivate DateTime d = DateTime.Now;\npublic int p = 1;\nprivate readonly int r = 1;"
    )]
    [InlineData("readonly-field", "private static int n;\n\nC()\n{\n    n = 1;\n}")]
    [InlineData("foreach-to-for", "void M(IEnumerable<int> a)\n{\n    foreach (var x in a)\n    {\n        F(x);\n    }\n}")]
    [InlineData("foreach-to-for", "void M(int[] a)\n{\n    foreach (var x in a)\n    {\n        a = null;\n    }\n}")]
    [InlineData("foreach-to-for", "void M(object[] a)\n{\n    foreach (string x in a)\n    {\n        F(x);\n    }\n}")]
    [InlineData("foreach-to-for", "int[] a;\n\nvoid M()\n{\n    foreach (var x in a)\n    {\n        F(x);\n    }\n}")] // a field may change
    [InlineData("for-to-foreach", "void M(int[] a)\n{\n    for (int i = 0; i < a.Length; i++)\n    {\n        a[i] = 1;\n    }\n}")]
    [InlineData("for-to-foreach", "void M(int[] a)\n{\n    for (int i = 0; i < a.Length; i++)\n    {\n        F(a[i], i);\n    }\n}")]
    [InlineData("for-to-foreach", "void M(DateTime[] a)\n{\n    for (int i = 0; i < a.Length; i++)\n    {\n        F(a[i]);\n    }\n}")]
    [InlineData("for-to-foreach", "void M(int[] a)\n{\n    for (int i = 1; i < a.Length; i++)\n    {\n        F(a[i]);\n    }\n}")]
    public void Find_NoPlaceForTheEdit_FindsNone(string kind, string members) =>
        Assert.Empty(EditTexts.After(kind, EditTexts.InClass(members)));

    [Fact]
    public void NullCheck_LambdasAndNestedTypes_AreNoMethodsOfTheirOwn() =>
        Assert.Empty(EditTexts.After("null-check", EditTexts.InClass("Action<string> a = s =>\n{\n    F(s);\n};")));

    [Fact]
    public void RemoveAsync_MethodThatHandsItsTaskOn_IsTheResultOfAnEdit()
    {
        string text = EditTexts.InClass("Task<int> M()\n{\n    return FooAsync();\n}");
        EditSite site = Assert.Single(EditTexts.Sites("remove-async", text));
        Assert.True(site.IsReversed);
        Assert.Equal(
            EditTexts.InClass("async Task<int> M()\n{\n    return await FooAsync();\n}"),
            SourceText.From(text).WithChanges(site.Changes).ToString()
        );
    }
}
