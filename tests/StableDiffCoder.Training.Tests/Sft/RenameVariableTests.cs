using StableDiffCoder.Training.Sft;

namespace StableDiffCoder.Training.Tests.Sft;

public sealed class RenameVariableTests
{
    private const string Kind = "rename-variable";

    [Fact]
    public void Find_Parameter_IsRenamedInItsDocumentationToo()
    {
        string text = EditTexts.InClass(
            "/// <summary>Adds <paramref name=\"len\"/>.</summary>\n/// <param name=\"len\">How much.</param>\nint M(int len)\n{\n    this.len = len;\n    return F(len: len) + nameof(len).Length;\n}"
        );
        EditSite site = Assert.Single(EditTexts.Sites(Kind, text));
        string renamed = site.Slots["new"];
        Assert.Equal("len", site.Slots["old"]);
        string expected = EditTexts.InClass(
            $"/// <summary>Adds <paramref name=\"{renamed}\"/>.</summary>\n/// <param name=\"{renamed}\">How much.</param>\nint M(int {renamed})\n{{\n    this.len = {renamed};\n    return F(len: {renamed}) + nameof({renamed}).Length;\n}}"
        );
        Assert.Equal(expected, EditTexts.After(Kind, text)[0]);
        // The documentation is part of the code that is shown.
        Assert.StartsWith("    /// <summary>", text.Substring(site.Regions[0].Start, site.Regions[0].Length), StringComparison.Ordinal);
    }

    [Fact]
    public void Find_Locals_AreRenamedInTheirScope()
    {
        string text = EditTexts.InClass(
            "void M(List<int> items)\n{\n    foreach (int x in items)\n    {\n        var s = new C { x = x };\n        F(s.x, x);\n    }\n}"
        );
        IReadOnlyList<EditSite> sites = EditTexts.Sites(Kind, text);
        Assert.Equal(["items", "s", "x"], sites.Select(site => site.Slots["old"]).Order(StringComparer.Ordinal));
        int index = sites.ToList().FindIndex(site => site.Slots["old"] == "x");
        string renamed = sites[index].Slots["new"];
        Assert.Equal(
            EditTexts.InClass(
                $"void M(List<int> items)\n{{\n    foreach (int {renamed} in items)\n    {{\n        var s = new C {{ x = {renamed} }};\n        F(s.x, {renamed});\n    }}\n}}"
            ),
            EditTexts.After(Kind, text)[index]
        );
    }

    [Theory]
    [InlineData("void M()\n{\n    int x = 1;\n    F(new { x });\n}")] // the member would be renamed too
    [InlineData("void M()\n{\n    int x = 1;\n    F((x, 2));\n}")]
    [InlineData("void M()\n{\n    { int x = 1; F(x); }\n    { int x = 2; F(x); }\n}")] // which of the two?
    [InlineData("int x;\n\nvoid M()\n{\n    { int x = 1; F(x); }\n    F(x);\n}")] // the last is the field
    [InlineData("void M()\n{\n    int x = 1;\n}")] // named once only: nothing to carry through
    public void Find_NameThatIsNotCertain_FindsNone(string members) => Assert.Empty(EditTexts.Sites(Kind, EditTexts.InClass(members)));
}
