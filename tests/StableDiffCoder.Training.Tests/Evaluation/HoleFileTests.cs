using CsCheck;
using StableDiffCoder.Training.Corpus;
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
    [InlineData(
        "{\"file\":\"a\",\"offset\":0,\"text\":\"abc\",\"holes\":[{\"kind\":\"in-line\",\"from\":0,\"start\":2,\"end\":1,\"to\":3}]}"
    )]
    [InlineData(
        "{\"file\":\"a\",\"offset\":0,\"text\":\"abc\",\"holes\":[{\"kind\":\"in-line\",\"from\":0,\"start\":1,\"end\":2,\"to\":4}]}"
    )]
    [InlineData("{\"file\":\"a\",\"offset\":0,\"text\":\"abc\",\"holes\":[null]}")]
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
    public void ReadTexts_ExcerptsOfTwoFiles_AreTheLongestOfEach()
    {
        HoleFile.WriteExcerpts(
            folder.At("h.jsonl"),
            [
                new("a.cs#10", HoleKind.InLine, "0123456789", "cd", "ab"),
                new("a.cs#100", HoleKind.InLine, "x", "z", "y"),
                new("b.cs#1", HoleKind.InLine, "x", "z", "y"),
            ]
        );
        IReadOnlyList<CorpusDocument> texts = HoleFile.ReadTexts(folder.At("h.jsonl"));
        Assert.Equal([("a.cs", "0123456789abcd"), ("b.cs", "xyz")], texts.Select(text => (text.Path, text.Text)));
        HoleFile.Write(folder.At("holes.jsonl"), [new("a", HoleKind.InLine, "x", "z", "y")]);
        var error = Assert.Throws<InvalidDataException>(() => HoleFile.ReadTexts(folder.At("holes.jsonl")));
        Assert.Contains("holes.jsonl, line 1: not an excerpt", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WriteExcerpts_AnyHolesOfAFile_AreReadAgainAndShareTheirText() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int.Array[3])
            .Array[1, 6]
            .Sample(
                drawn =>
                {
                    string text = string.Concat(Enumerable.Range(0, 300).Select(i => $"{i},"));
                    Hole[] holes = [.. drawn.Select((d, i) => HoleAt(text, i % 3 == 0 ? "a.cs" : "b#.cs", i, d.Item1, d.Item2))];
                    HoleFile.WriteExcerpts(folder.At("h.jsonl"), holes);
                    IEnumerable<Hole> read = HoleFile.Read(folder.At("h.jsonl"));
                    Assert.Equal(
                        holes.OrderBy(hole => hole.Id).ThenBy(hole => hole.Kind),
                        read.OrderBy(hole => hole.Id).ThenBy(hole => hole.Kind)
                    );
                    HoleExcerpt[] excerpts = [.. HoleExcerpt.Of(holes)];
                    Assert.All(excerpts, excerpt => Assert.Equal(excerpt.Text, text.Substring(excerpt.Offset, excerpt.Text.Length)));
                    Assert.All(
                        excerpts.GroupBy(excerpt => excerpt.File),
                        file => Assert.True(file.Sum(one => one.Text.Length) <= text.Length)
                    );
                },
                threads: 1
            ); // all write the same file

    [Fact]
    public void WriteExcerpts_IdWithoutPosition_IsRefused() =>
        Assert.Throws<ArgumentException>(() => HoleFile.WriteExcerpts(folder.At("h.jsonl"), [new Hole("a", HoleKind.InLine, "", "", "y")]));

    private static Hole HoleAt(string text, string file, int number, int length, int[] places)
    {
        int start = (int)((uint)places[0] % (text.Length - length));
        int from = start - (int)((uint)places[1] % (Math.Min(start, 100) + 1));
        int to = start + length + (int)((uint)places[2] % (Math.Min(text.Length - start - length, 100) + 1));
        return new Hole(
            $"{file}#{start}",
            (HoleKind)(number % 4),
            text[from..start],
            text[(start + length)..to],
            text.Substring(start, length)
        );
    }

    [Fact]
    public void Read_CommittedHoles_AreAsTheirReadmeSays()
    {
        IReadOnlyList<Hole> holes = HoleFile.Read(Path.Combine(AppContext.BaseDirectory, "fixtures", "holes", "csharp-heldout.jsonl"));

        Assert.All(Enum.GetValues<HoleKind>(), kind => Assert.Equal(500, holes.Count(hole => hole.Kind == kind)));
        Assert.Equal(2000, holes.Select(hole => hole.Id).Distinct().Count());
        Assert.All(holes, hole => Assert.True(hole.Answer.Count(unit => !char.IsWhiteSpace(unit)) >= 8));
        Assert.All(
            holes.Where(hole => hole.Kind != HoleKind.RandomSpan),
            hole => Assert.InRange(hole.Answer.Count(unit => unit == '\n'), hole.EndsWithItsLine ? 0 : 1, hole.EndsWithItsLine ? 0 : 3)
        );
        Assert.All(holes, hole => Assert.True(hole.Prefix.Length <= 2000 && hole.Suffix.Length <= 1000));
    }
}
