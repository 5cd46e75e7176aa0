using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Training.Corpus;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.Training.Tests.Evaluation;

public class MultiHoleTests
{
    private static readonly CorpusDocument[] Files =
    [
        .. Enumerable
            .Range(0, 8)
            .Select(i => new CorpusDocument(
                $"s/{i}.cs",
                "original",
                $"class C{i}\n{{\n    int First() => {i} + 1;\n    int Second() => {i} + 2;\n    int Third() => {i} + 3;\n    int Fourth() => {i} + 4;\n}}\n"
            )),
    ];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Draw_FilesWithRoom_PutTogetherAreTheFiles(int count)
    {
        IReadOnlyList<MultiHole> drawn = MultiHoleSampler.Draw(Files, count, 6, seed: 1);
        Assert.Equal(drawn.Select(file => file.Id), MultiHoleSampler.Draw(Files.Reverse(), count, 6, seed: 1).Select(file => file.Id));
        Assert.NotEmpty(drawn);
        foreach (MultiHole file in drawn)
        {
            Assert.Equal((count, count + 1), (file.Answers.Count, file.Texts.Count));
            Assert.Contains(Files, document => document.Text == file.With(file.Answers));
            Assert.All(file.Answers, answer => Assert.DoesNotContain('\n', answer));
        }
    }

    [Fact]
    public void ToRequest_Holes_AreCursorsInOrder()
    {
        var file = new MultiHole("a", ["int x = ", ";\nint y = ", ";\n"], ["1", "2"]);
        InfillRequest request = file.ToRequest(new InfillOptions());
        Assert.Equal("int x = ;\nint y = ;\n", request.Text);
        Assert.Equal([new TextSpan(8, 0), new TextSpan(18, 0)], request.Spans);
        request.Validate();
    }

    [Fact]
    public void Score_OneOfTwoExact_IsNotAll()
    {
        var file = new MultiHole("a", ["class A { int F() => ", "; int G() => ", "; }"], ["1", "2"]);
        MultiHoleScore score = MultiHoleEvaluation.Score(file, [" 1", "("], 3);
        Assert.Equal((1, 2, false, false), (score.Exact, score.Holes, score.AllExact, score.Parses));
        Assert.True(MultiHoleEvaluation.Score(file, ["1", "2"], 3) is { AllExact: true, Parses: true, EditSimilarity: 1 });
    }

    [Fact]
    public void ToRequest_SomeFilled_AsksForTheNext()
    {
        var file = new MultiHole("a", ["int x = ", ";\nint y = ", ";\nint z = ", ";\n"], ["1", "2", "3"]);
        InfillRequest request = file.ToRequest(new InfillOptions(), ["12345"]);
        Assert.Equal("int x = 12345;\nint y = ;\nint z = ;\n", request.Text);
        Assert.Equal([new TextSpan(23, 0)], request.Spans);
        request.Validate();
    }

    [Fact]
    public void Compare_OneFileBetterTogether_CountsIt()
    {
        var file = new MultiHole("a", ["class A { int F() => ", "; int G() => ", "; }"], ["1", "2"]);
        MultiHoleScore right = MultiHoleEvaluation.Score(file, ["1", "2"], 0) with { Forwards = 5 };
        MultiHoleScore half = MultiHoleEvaluation.Score(file, ["1", "("], 0) with { Forwards = 3 };
        MultiHoleComparison comparison = MultiHoleComparison.Compare([right, half], [half, half], seed: 0);
        Assert.Equal((2, 2, 0.5), (comparison.Files, comparison.Holes, comparison.Changed));
        Assert.Equal([0.75, 0.5, 0.75, 0.5, 4], comparison.Figures.Select(figure => figure.Together));
        Assert.Equal([0.5, 0, 0.5, 0, 3], comparison.Figures.Select(figure => figure.OneAfterAnother));
        Assert.Contains("| all holes exact | 50.0 % | 0.0 % | +50.0 |", comparison.ToTable(), StringComparison.Ordinal);
    }
}
