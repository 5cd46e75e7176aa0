using System.Text.Json;
using StableDiffCoder.Engine.Tests;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

/// <summary>The commands beside <c>train run</c>: measure, experiment, draw holes.</summary>
public sealed class TrainToolsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task TrainExperiment_TinyCurriculum_PrintsItsResult()
    {
        CliResult result = await CliInProcess.RunAsync(
            "",
            ["train", "experiment", "curriculum", "--scale", "tiny", "--out", folder.File("out"), "--dtype", "float32", "--threads", "1"]
        );
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Contains("| AR → BiDLLM |", result.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("out/curriculum/plots.html")));
    }

    [Theory]
    [InlineData("train experiment alchemy", "clipped-noise")]
    [InlineData("train experiment headline --data no-such-folder", "no-such-folder")]
    [InlineData("train bench --seconds 0", "--seconds")]
    [InlineData("train export --config none.json --out x", "none.json")]
    [InlineData("eval humaneval --tasks none.jsonl", "none.jsonl")]
    [InlineData("eval holes --corpus none --out x", "none")]
    public async Task Command_WrongInput_ExitsWith2(string arguments, string named)
    {
        CliResult result = await CliInProcess.RunAsync("", arguments.Split(' '));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvalHoles_HeldOutFiles_WritesFourKinds()
    {
        string text =
            "class A\n{\n    int Add(int left, int right)\n    {\n        return left + right;\n    }\n\n    int Twice(int number) => Add(number, number);\n}\n";
        await File.WriteAllLinesAsync(
            folder.File("test-00000.jsonl"),
            Enumerable
                .Range(0, 6)
                .Select(i =>
                    JsonSerializer.Serialize(
                        new
                        {
                            path = $"s/{i}.cs",
                            style = "original",
                            text = text.Replace("Add", $"Add{i}", StringComparison.Ordinal),
                        }
                    )
                )
        );
        CliResult result = await CliInProcess.RunAsync(
            "",
            ["eval", "holes", "--corpus", folder.Path, "--out", folder.File("holes.jsonl"), "--per-kind", "2"]
        );
        Assert.True(result.ExitCode == 0, result.Error);
        IReadOnlyList<Hole> holes = HoleFile.Read(folder.File("holes.jsonl"));
        Assert.Equal(Enum.GetValues<HoleKind>(), holes.Select(hole => hole.Kind).Distinct().Order());
        Assert.Equal(8, holes.Count);
    }
}
