using System.Text.Json;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Training.Evaluation.Edits;
using StableDiffCoder.Training.Sft;

namespace StableDiffCoder.Training.Tests.Evaluation;

public sealed class EditEvaluationTests
{
    private static readonly EditSample[] Samples =
    [
        new("rename", "rename a to b", "    int a;\r\n", "    int b;\r\n", "class C\r\n{\r\n", "}\r\n", "1.cs"),
        new("rename", "rename c to d", "public int c;", "public int d;", "", "", "2.cs"),
        new("loop", "use foreach", "for (;;) { }", "foreach (var x in y) { }", "", "", "3.cs"),
    ];

    private sealed class Answers(params EditAnswer[] answers) : IEditor
    {
        private int next;

        public string Name => "answers";

        public Task<EditAnswer> EditAsync(EditSample sample, CancellationToken cancellationToken) => Task.FromResult(answers[next++]);
    }

    [Fact]
    public async Task RunAsync_Answers_AreCountedByKindBesideNoChange()
    {
        var editor = new Answers(new("int b;\n", 4, 2, 10), new("public int d", 6, 2, 30), new("", 0, 0, 0, "too long"));
        EditEvaluationReport report = await EditEvaluation.RunAsync(editor, Samples, 0, null, CancellationToken.None);
        EditFigures Row(string kind, string name) => report.Figures.Single(row => row.Kind == kind && row.Editor == name);
        Assert.Equal(
            (2, 0.5, 0.5),
            (Row("rename", "answers").Edits, Row("rename", "answers").ExactMatch, Row("rename", "answers").ParseRate)
        );
        Assert.Equal((0.0, 0.0), (Row("loop", "answers").ExactMatch, Row("loop", "answers").ParseRate));
        Assert.Equal((0.0, 1.0), (Row("all", "no change").ExactMatch, Row("all", "no change").ParseRate));
        Assert.Equal(2.5, Row("all", "answers").TokensPerForward);
        Assert.Equal(20, Row("rename", "answers").Milliseconds);
        Assert.Equal(1.0 / 3, report.Differences.Single(difference => difference.Kind == "all").ExactMatch.Mean, 9);
        Assert.Equal(6, report.Scores.Count);
        Assert.Equal("too long", report.Scores[2].Failure);
        using JsonDocument json = JsonDocument.Parse(report.ToJson());
        Assert.Equal(6, json.RootElement.GetProperty("scores").GetArrayLength());
        Assert.Contains("| rename | answers | 2 | 50.0 % |", report.ToTable(), StringComparison.Ordinal);
        Assert.Contains("| all | no change | 3 | 0.0 % |  | 100.0 % |", report.ToTable(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_HeldOutEditsOfThisProject_AreOfAllKindsAndParse()
    {
        IReadOnlyList<EditSample> samples = EditShard.Read(
            Path.Combine(AppContext.BaseDirectory, "fixtures", "edits", "csharp-heldout.jsonl")
        );
        EditEvaluationReport report = await EditEvaluation.RunAsync(new NoChange(), samples, 0, null, CancellationToken.None);
        Assert.Equal(
            EditKinds.All.Select(kind => kind.Name).Append("all").Order(),
            report.Figures.Select(row => row.Kind).Distinct().Order()
        );
        Assert.All(report.Figures, row => Assert.Equal((0.0, 1.0), (row.ExactMatch, row.ParseRate)));
        Assert.All(samples, sample => Assert.Equal(true, EditSyntax.Parses(sample, sample.After)));
        // Every answer can be written the way the model is asked to.
        Assert.All(
            samples,
            sample =>
            {
                var span = new TextSpan(sample.Prefix.Length, sample.Before.Length);
                Assert.NotNull(EditPrompt.AnswerFor(ShownCode.Of(sample.Prefix + sample.Before + sample.Suffix, span), sample.After));
            }
        );
    }

    [Fact]
    public async Task RunAsync_NoSamples_IsAnArgumentError() =>
        await Assert.ThrowsAsync<ArgumentException>(() => EditEvaluation.RunAsync(new NoChange(), [], 0, null, CancellationToken.None));

    [Theory]
    [InlineData("using A;\nusing B;", "using A;", true)]
    [InlineData("public int M() => 1;", "public int M() { return 1; }", true)]
    [InlineData("public int M() => 1;", "public int M() { return 1;", false)]
    [InlineData("return await x;", "return x;", true)]
    [InlineData("get => 1;", "get { return 1; }", true)]
    [InlineData("def f(x): return x", "def f(x): return y", null)]
    public void Parses_Answer_WhereTheRightOneDoes(string right, string answer, bool? parses) =>
        Assert.Equal(parses, EditSyntax.Parses(Samples[0] with { After = right }, answer));

    [Fact]
    public void Read_CanItEdit_GivesEditsOfWholePrograms()
    {
        IReadOnlyList<CanItEditProblem> problems = CanItEditFile.Read(
            Path.Combine(AppContext.BaseDirectory, "fixtures", "canitedit", "sample.jsonl")
        );
        Assert.Equal(["1_running_total", "2_greeting"], problems.Select(problem => problem.FullName));
        EditSample lazy = problems[0].ToSample(CanItEditInstruction.Lazy);
        Assert.Equal(("corrective", "Fix the sum.", "", ""), (lazy.Kind, lazy.Instruction, lazy.Prefix, lazy.Suffix));
        Assert.Contains("total += v", lazy.After, StringComparison.Ordinal);
        Assert.StartsWith("Give `greet`", problems[1].ToSample(CanItEditInstruction.Descriptive).Instruction, StringComparison.Ordinal);
        Assert.Contains("assert greet", problems[1].Tests, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_CanItEditAsOneList_IsTheSame()
    {
        using var folder = new TemporaryFolder();
        string[] lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "fixtures", "canitedit", "sample.jsonl"));
        Assert.Equal(2, CanItEditFile.Read(folder.File("list.json", $"[{string.Join(',', lines)}]")).Count);
    }

    [Fact]
    public void Read_NotCanItEdit_NamesFileAndLine()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("x.jsonl", "\n{\"before\":\"x\"}\n");
        var error = Assert.Throws<InvalidDataException>(() => CanItEditFile.Read(path));
        Assert.Contains("x.jsonl, line 2", error.Message, StringComparison.Ordinal);
    }
}
