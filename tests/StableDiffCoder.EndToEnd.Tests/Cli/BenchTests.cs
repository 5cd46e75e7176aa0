using System.Text.Json;
using CsCheck;
using StableDiffCoder.Cli.Measuring;
using StableDiffCoder.EndToEnd.Tests.Lsp;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Runtime;
using StableDiffCoder.Engine.Tests;
using StableDiffCoder.Engine.Tests.Infilling;
using StableDiffCoder.Engine.Weights;
using StableDiffCoder.Training.Evaluation;
using static TorchSharp.torch;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

public sealed class BenchTests : IDisposable
{
    private readonly ScoredCheckpoint checkpoint = new();
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        checkpoint.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData("float32")]
    [InlineData("int8")]
    public async Task Forward_AFolder_GivesARowForEachCount(string type)
    {
        CliResult result = await CliInProcess.RunAsync(
            "",
            [
                "bench",
                "forward",
                "--shape",
                checkpoint.Path,
                "--dtype",
                type,
                "--tokens",
                "1,8,40",
                "--depth",
                "8",
                "--seconds",
                "0.01",
                "--json",
                "--threads",
                "1",
            ]
        );
        Assert.Equal(0, result.ExitCode);
        JsonElement report = result.JsonLines()[0];
        Assert.Equal(type, report.GetProperty("dtype").GetString());
        Assert.True(report.GetProperty("read_gb_per_s").GetDouble() > 0);
        JsonElement[] rows = [.. report.GetProperty("rows").EnumerateArray()];
        Assert.Equal([1, 8, 40], rows.Select(row => row.GetProperty("tokens").GetInt32()));
        // The last is a prompt.
        Assert.Equal([8, 8, 0], rows.Select(row => row.GetProperty("depth").GetInt32()));
        Assert.Equal("libtorch", rows[2].GetProperty("path").GetString());
        Assert.All(rows, row => Assert.True(row.GetProperty("ms").GetDouble() > 0));
        Assert.All(rows, row => Assert.True(row.GetProperty("share_of_bandwidth").GetDouble() > 0));
    }

    [Theory]
    [InlineData("--tokens", "4,x")]
    [InlineData("--depth", "8000")]
    public async Task Forward_WrongOption_NamesIt(string option, string value)
    {
        CliResult result = await CliInProcess.RunAsync("", "bench", "forward", "--shape", checkpoint.Path, option, value, "--threads", "1");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(option, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_RandomWeights_MakesAFolderThatLoadsTheSame()
    {
        TorchRuntime.EnsureLoaded(threads: 1);
        ModelConfig config = ModelDirectory.Open(checkpoint.Path).Config;
        using var model = new DiffusionTransformer(config, ScalarType.BFloat16, CPU);
        ForwardShape.Fill(model, CancellationToken.None);
        ForwardShape.Write(model, folder.Path, Path.Combine(checkpoint.Path, "tokenizer.json"), CancellationToken.None);
        using var loaded = new DiffusionTransformer(config, ScalarType.BFloat16, CPU);
        WeightLoader.Load(ModelDirectory.Open(folder.Path), loaded.Weights);
        foreach ((string name, Tensor weight) in model.Weights)
        {
            using Tensor same = weight.eq(loaded.Weights[name]).all();
            Assert.True(same.item<bool>(), name);
        }
    }

    [Fact]
    public async Task Quantize_WithAType_MakesAFolderThatScores()
    {
        string written = folder.File("int8");
        CliResult made = await CliInProcess.RunAsync(
            "",
            "model",
            "quantize",
            "--model",
            checkpoint.Path,
            "--dtype",
            "int8",
            "--out",
            written
        );
        Assert.Equal(0, made.ExitCode);
        CliResult scored = await CliInProcess.RunAsync(
            "{\"ids\":[20,21,22]}",
            "score",
            "--jsonl",
            "-",
            "--model",
            written,
            "--threads",
            "1"
        );
        Assert.Equal(0, scored.ExitCode);
        CliResult refused = await CliInProcess.RunAsync("", "model", "quantize", "--model", checkpoint.Path, "--out", folder.File("none"));
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--dtype int8", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quantization_TwoHoles_ComparesEveryTypeWithTheFirst()
    {
        using var model = new InfillCheckpoint(maxPositions: 512);
        string holes = folder.File("holes.jsonl");
        string[] lines =
        [
            "{\"id\":\"a\",\"kind\":\"single-line\",\"prefix\":\"int a = \",\"suffix\":\"\\n\",\"answer\":\"b + 1;\"}",
            "{\"id\":\"b\",\"kind\":\"in-line\",\"prefix\":\"return \",\"suffix\":\";\",\"answer\":\"items[0]\"}",
        ];
        await File.WriteAllLinesAsync(holes, lines);
        CliResult refused = await CliInProcess.RunAsync("", "eval", "quantization", "--model", model.Path, "--holes", holes, "--json");
        // This model's width is no multiple of 32, which 4 bits need.
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("use int8", refused.Error, StringComparison.Ordinal);
        CliResult result = await CliInProcess.RunAsync(
            "",
            ["eval", "quantization", "--model", model.Path, "--holes", holes, "--types", "float32,int8", "--json"]
        );
        Assert.Equal(0, result.ExitCode);
        JsonElement[] rows = [.. result.JsonLines()[0].GetProperty("rows").EnumerateArray()];
        Assert.Equal(["float32", "int8"], rows.Select(row => row.GetProperty("dtype").GetString()));
        Assert.Equal(0, rows[0].GetProperty("mean_size").GetDouble());
        Assert.Equal(1, rows[0].GetProperty("same_fills").GetDouble());
        Assert.InRange(rows[1].GetProperty("mean_size").GetDouble(), 1e-9, 0.5);
    }

    [Fact]
    public async Task Strategies_TwoHoles_ComparesEveryStrategyWithOneTokenAForward()
    {
        using var model = new InfillCheckpoint(maxPositions: 512);
        string holes = folder.File("holes.jsonl");
        await File.WriteAllLinesAsync(
            holes,
            [
                "{\"id\":\"a\",\"kind\":\"single-line\",\"prefix\":\"int a = \",\"suffix\":\"\\n\",\"answer\":\"b + 1;\"}",
                "{\"id\":\"b\",\"kind\":\"in-line\",\"prefix\":\"return \",\"suffix\":\";\",\"answer\":\"items[0]\"}",
            ]
        );
        string[] arguments = ["eval", "strategies", "--model", model.Path, "--holes", holes, "--max-new-tokens", "8"];
        CliResult result = await CliInProcess.RunAsync("", [.. arguments, "--json"]);
        Assert.Equal(0, result.ExitCode);
        JsonElement[] rows = [.. result.JsonLines()[0].GetProperty("strategies").EnumerateArray()];
        Assert.Equal(StrategyComparison.All.Select(strategy => strategy.Name), rows.Select(row => row.GetProperty("name").GetString()));
        Assert.Equal(1, rows[0].GetProperty("time_ratio").GetDouble());
        Assert.Equal(0, rows[0].GetProperty("change").GetProperty("mean").GetDouble());
        // The released sampler writes the same, in more forwards.
        Assert.Equal(rows[0].GetProperty("exact").GetDouble(), rows[1].GetProperty("exact").GetDouble());
        Assert.True(rows[1].GetProperty("tokens_a_forward").GetDouble() <= rows[0].GetProperty("tokens_a_forward").GetDouble());
        CliResult table = await CliInProcess.RunAsync("", arguments);
        Assert.Contains("2 holes. The fastest whose interval lies above -1 point: ", table.Output, StringComparison.Ordinal);
        CliResult refused = await CliInProcess.RunAsync("", [.. arguments[..^1], "0"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("maxNewTokens is 0", refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-0.004, true)]
    [InlineData(-0.011, false)]
    public void IsAsGood_LowEndOfTheInterval_Decides(double low, bool expected) =>
        Assert.Equal(
            expected,
            new StrategyFigures("a", 1, 0.5, new ConfidenceInterval(0, low, 0.02), 0.5, new ConfidenceInterval(0, 0, 0), 1, 1).IsAsGood
        );

    [Fact]
    public async Task Keystrokes_ASmallFile_TimesEveryKey()
    {
        using var model = new TestModel();
        string file = folder.File("Sample.cs");
        await File.WriteAllTextAsync(file, "class Sample\n{\n    int count;\n\n    int Next()\n    {\n        return count;\n    }\n}\n");
        CliResult result = await CliProcess.RunAsync(
            "bench",
            "keystrokes",
            "--file",
            file,
            "--characters",
            "20",
            "--model",
            model.Folder,
            "--json"
        );
        Assert.Equal(0, result.ExitCode);
        JsonElement all = result.JsonLines()[0].GetProperty("rows")[0];
        int keys = TypingScript.Of(await File.ReadAllTextAsync(file), 20).Keys.Count;
        Assert.Equal(keys, all.GetProperty("requests").GetInt32());
        Assert.True(all.GetProperty("p50").GetDouble() > 0);
    }

    [Fact]
    public void TypingScript_AnyText_EndsWithTheWholeText() =>
        Gen.Select(
                Gen.OneOf(Gen.Const("\n"), Gen.Const("\n    "), Gen.Const("x = y;"), Gen.Const("\U0001F600"), Gen.String).Array[0, 60],
                Gen.Int[0, 400]
            )
            .Sample(
                (pieces, characters) =>
                {
                    string text = string.Concat(pieces);
                    TypingScript script = TypingScript.Of(text, characters);
                    string typed = script.Start;
                    foreach (Keystroke key in script.Keys)
                    {
                        typed = key.Kind == KeyKind.Move ? typed : TypingScript.Apply(typed, key);
                        Assert.InRange(key.Cursor, 0, typed.Length);
                    }
                    Assert.Equal(text, typed);
                }
            );
}
