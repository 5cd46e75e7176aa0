using StableDiffCoder.Training.Corpus;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Training.Tests.Evaluation;

public class CSharpHolesTests
{
    private const string Source = """
        using System.Text;

        namespace A;

        // A comment line that is long enough
        [Obsolete("an attribute line")]
        class Calculator // with a comment
        {
        #if NEVER
            int compiledAway = 123456;
        #endif
            string lines = @"verbatim text
            that goes on here";
            int Add(int left, int right)
            {
                return left + right;
            }
        }
        """;

    [Fact]
    public void Of_SingleLine_TakesOnlyPlainCodeLines() =>
        Assert.Equal(["namespace A;", "int Add(int left, int right)", "return left + right;"], Answers(HoleKind.SingleLine));

    [Fact]
    public void Of_InLine_StartsAtTokensAndEndsWithTheLine()
    {
        string[] answers = Answers(HoleKind.InLine);

        Assert.Equal(
            ["Add(int left, int right)", "(int left, int right)", "int left, int right)", "left, int right)", ", int right)", "int right)"],
            answers[..6]
        );
        Assert.Equal(["left + right;"], answers[6..]);
    }

    [Fact]
    public void Of_MultiLine_TakesTwoToFourUsableLines()
    {
        string[] answers = Answers(HoleKind.MultiLine);

        Assert.Equal(
            [
                "int Add(int left, int right)\n    {",
                "int Add(int left, int right)\n    {\n        return left + right;",
                "int Add(int left, int right)\n    {\n        return left + right;\n    }",
                "{\n        return left + right;",
                "{\n        return left + right;\n    }",
                "{\n        return left + right;\n    }\n}",
                "return left + right;\n    }",
                "return left + right;\n    }\n}",
            ],
            answers
        );
    }

    [Fact]
    public void Span_AnyChances_IsWithinUsableLines()
    {
        var holes = new CSharpHoles(Source);
        string[] answers =
        [
            .. Enumerable
                .Range(0, 2000)
                .Select(i => holes.Span(i / 2000.0, i * 37 % 2000 / 2000.0))
                .OfType<Microsoft.CodeAnalysis.Text.TextSpan>()
                .Select(span => holes.Cut("id", HoleKind.RandomSpan, span).Answer),
        ];
        Assert.True(answers.Length > 50, $"{answers.Length} spans");
        Assert.Contains(answers, answer => answer.Contains('\n', StringComparison.Ordinal));
        Assert.All(answers, answer => Assert.True(answer.Count(unit => !char.IsWhiteSpace(unit)) >= CSharpHoles.FewestCharacters));
        foreach (string forbidden in (string[])["using", "comment", "Obsolete", "compiledAway", "verbatim", "goes on"])
        {
            Assert.DoesNotContain(answers, answer => answer.Contains(forbidden, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(HoleKind.SingleLine)]
    [InlineData(HoleKind.InLine)]
    [InlineData(HoleKind.MultiLine)]
    public void Cut_PartsMakeTheFileAgain(HoleKind kind)
    {
        string text = Source.ReplaceLineEndings("\r\n");
        var holes = new CSharpHoles(text);

        foreach (var span in holes.Of(kind))
        {
            Hole hole = holes.Cut("id", kind, span);
            Assert.Equal(text, hole.Prefix + hole.Answer + hole.Suffix);
            Assert.True(hole.Suffix.Length == 0 || hole.Suffix.StartsWith("\r\n", StringComparison.Ordinal), hole.Suffix);
            Assert.Equal(hole.Answer.Trim(), hole.Answer);
        }
    }

    [Fact]
    public void Draw_IsSeeded_OneOfAKindAFile_OnDifferentLines()
    {
        CorpusDocument[] files =
        [
            .. Enumerable.Range(0, 12).Select(i => new CorpusDocument($"s/{i}.cs", "original", Source.Replace("Add", $"Add{i}"))),
        ];
        var options = new HoleSamplerOptions { PerKind = 5, Seed = 3 };

        IReadOnlyList<Hole> holes = HoleSampler.Draw(files, options);

        Assert.Equal(holes, HoleSampler.Draw(files.Reverse(), options));
        Assert.NotEqual(holes, HoleSampler.Draw(files, options with { Seed = 4 }));
        Assert.Equal([5, 5, 5, 5], holes.GroupBy(hole => hole.Kind).Select(group => group.Count()));
        foreach (var file in holes.GroupBy(hole => hole.Id.Split('#')[0]))
        {
            Assert.Equal(file.Count(), file.Select(hole => hole.Kind).Distinct().Count());
            (int Start, int End)[] spans =
            [
                .. file.Select(hole => (hole.Prefix.Length, hole.Prefix.Length + hole.Answer.Length)).OrderBy(span => span.Length),
            ];
            Assert.All(spans.Zip(spans.Skip(1)), pair => Assert.True(pair.First.End <= pair.Second.Start, "holes of one file overlap"));
        }
    }

    [Fact]
    public void Draw_WithLimits_CutsContextAtLines()
    {
        var options = new HoleSamplerOptions
        {
            PerKind = 1,
            Kinds = [HoleKind.SingleLine],
            PrefixLength = 120,
            SuffixLength = 40,
        };

        Hole hole = HoleSampler.Draw([new CorpusDocument("a", "original", Source + "\n// more\n// and more of it")], options)[0];

        Assert.True(hole.Prefix.Length <= 120 && hole.Suffix.Length <= 40, $"{hole.Prefix.Length}, {hole.Suffix.Length}");
        Assert.Contains("\n" + hole.Prefix, "\n" + Source, StringComparison.Ordinal);
    }

    private static string[] Answers(HoleKind kind)
    {
        var holes = new CSharpHoles(Source);
        return [.. holes.Of(kind).Select(span => holes.Cut("id", kind, span).Answer)];
    }
}
