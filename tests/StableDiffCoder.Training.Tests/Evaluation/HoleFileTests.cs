using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Training.Tests.Evaluation;

public sealed class HoleFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Read_WhatWasWritten()
    {
        Hole[] holes = [new("a", HoleKind.SingleLine, "pre\r\n\t", "\nsuf", "int é = \"x\";"), new("b", HoleKind.InLine, "", "", "y")];
        HoleFile.Write(folder.At("h.jsonl"), holes);

        Assert.Equal(holes, HoleFile.Read(folder.At("h.jsonl")));
        Assert.Contains("\"kind\":\"in-line\"", File.ReadAllText(folder.At("h.jsonl")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"id\":\"a\"}")]
    [InlineData("{\"id\":\"a\",\"kind\":\"whole-file\",\"prefix\":\"\",\"suffix\":\"\",\"answer\":\"\"}")]
    [InlineData("not json")]
    public void Read_BadLine_NamesIt(string line)
    {
        string file = folder.File("h.jsonl", "\n" + line + "\n");

        Assert.Contains(
            "h.jsonl, line 2",
            Assert.Throws<InvalidDataException>(() => HoleFile.Read(file)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Read_CommittedHoles_AreAsTheirReadmeSays()
    {
        IReadOnlyList<Hole> holes = HoleFile.Read(Path.Combine(AppContext.BaseDirectory, "fixtures", "holes", "csharp-heldout.jsonl"));

        Assert.Equal(300, holes.Count(hole => hole.Kind == HoleKind.SingleLine));
        Assert.Equal(300, holes.Count(hole => hole.Kind == HoleKind.InLine));
        Assert.Equal(600, holes.Select(hole => hole.Id).Distinct().Count());
        Assert.All(holes, hole => Assert.True(hole.Answer.Count(unit => !char.IsWhiteSpace(unit)) >= 8 && !hole.Answer.Contains('\n')));
        Assert.All(holes, hole => Assert.True(hole.Prefix.Length <= 2000 && hole.Suffix.Length <= 1000));
    }
}
