using StableDiffCoder.Training.Sft;

namespace StableDiffCoder.Training.Tests.Sft;

public sealed class UsingKindTests
{
    [Fact]
    public void SortUsings_Unsorted_PutsSystemFirst() =>
        Assert.Equal(
            ["using System;\nusing System.IO;\nusing A.B;\n\nclass C { }\n"],
            EditTexts.After("sort-usings", "using A.B;\nusing System.IO;\nusing System;\n\nclass C { }\n")
        );

    [Theory]
    [InlineData("using System;\nusing System.IO;\nclass C { }\n")]
    [InlineData("using System.IO;\n// why\nusing System;\nclass C { }\n")]
    [InlineData("using System.IO;\n#if X\nusing System;\n#endif\nclass C { }\n")]
    [InlineData("using B = System.IO;\nusing System;\nclass C { }\n")]
    public void SortUsings_SortedOrNotPlain_FindsNone(string text) => Assert.Empty(EditTexts.After("sort-usings", text));

    [Fact]
    public void RemoveUsing_Duplicate_TakesTheSecond() =>
        Assert.Equal(
            ["using System;\nusing A;\nclass C { }\n"],
            EditTexts.After("remove-using", "using System;\nusing A;\nusing System;\nclass C { }\n")
        );

    [Fact]
    public void RemoveUsing_NothingOfItNamed_TakesIt()
    {
        const string Text = "using System;\r\nusing System.Linq;\r\nusing System.IO;\r\nclass C { Path p; }\r\n";
        EditSite site = Assert.Single(EditTexts.Sites("remove-using", Text));
        Assert.Equal("System.Linq", site.Slots["namespace"]);
        Assert.Equal("using System;\r\nusing System.IO;\r\nclass C { Path p; }\r\n", EditTexts.After("remove-using", Text)[0]);
    }

    [Theory]
    [InlineData("using A;\nusing System.Linq;\nclass C { void M(int[] a) { a.Where(x => true); } }\n")] // an extension method
    [InlineData("using A;\nusing System.Linq;\nclass C { void M(int[] a) { var b = from x in a select x; } }\n")]
    [InlineData("using A;\nusing System.Text;\nclass C { /// <see cref=\"StringBuilder\"/>\n void M() { } }\n")]
    [InlineData("using A;\nusing Some.Library;\nclass C { }\n")] // who knows what is in it
    [InlineData("using A;\nusing System.IO;\n#if X\nclass D { Path p; }\n#endif\nclass C { }\n")]
    [InlineData("using A;\nusing System.IO;\nnamespace System.IO { class Q { } }\n")]
    public void RemoveUsing_WhatMayBeNeeded_FindsNone(string text) => Assert.Empty(EditTexts.After("remove-using", text));
}
