using System.Globalization;
using System.Text.Json;
using StableDiffCoder.Engine.Tests;
using StableDiffCoder.Engine.Tests.Infilling;
using StableDiffCoder.Training.Evaluation;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

public sealed class EvalTests : IDisposable
{
    private readonly InfillCheckpoint checkpoint = new();
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        checkpoint.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task EvalInfill_RecordedBaseline_IsComparedHoleByHole()
    {
        Hole[] holes =
        [
            .. Enumerable.Range(0, 6).Select(i => new Hole($"h{i}", (HoleKind)(i % 2), $"int x{i} = ", ";\n", $"{i} + 1234567")),
        ];
        HoleFile.Write(folder.File("holes.jsonl"), holes);
        // A baseline that is right on every hole, beside the file, so that it is found without being named.
        RecordedHoleFiller.Write(
            folder.File("holes.5-gram.jsonl"),
            holes.Select(hole => new HoleScore(hole.Id, hole.Kind, "oracle", hole.Answer, true, 1, 3, 3, 0.5))
        );

        CliResult table = await RunAsync();
        Assert.True(table.ExitCode == 0, table.Error);
        Assert.Contains("| single-line | oracle | 3 | 100.0 % | 100.0 % | 100.0 % | 1.00 |", table.Output, StringComparison.Ordinal);
        Assert.Contains("| in-line | exact match | -100.0 | -100.0 to -100.0 |", table.Output, StringComparison.Ordinal);

        CliResult json = await RunAsync("--json", "--limit", "1");
        Assert.True(json.ExitCode == 0, json.Error);
        JsonElement report = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal(4, report.GetProperty("scores").GetArrayLength());

        CliResult oneKind = await RunAsync("--json", "--kind", "in-line");
        report = JsonDocument.Parse(oneKind.Output).RootElement;
        Assert.All(report.GetProperty("scores").EnumerateArray(), score => Assert.Equal("in-line", score.GetProperty("kind").GetString()));
        Assert.Equal(6, report.GetProperty("scores").GetArrayLength());
    }

    [Fact]
    public async Task EvalInfill_Repair_IsComparedWithTheFillsAsTheyAre()
    {
        HoleFile.Write(
            folder.File("holes.jsonl"),
            Enumerable
                .Range(0, 4)
                .Select(i => new Hole($"h{i}", HoleKind.SingleLine, $"class C\n{{\n    int x{i};\n    ", "\n}\n", "int y = 1234567;"))
        );
        CliResult result = await RunAsync("--json", "--repair", "2");
        Assert.True(result.ExitCode == 0, result.Error);
        JsonElement.ArrayEnumerator figures = JsonDocument.Parse(result.Output).RootElement.GetProperty("figures").EnumerateArray();
        double[] parses = [.. figures.Select(row => row.GetProperty("parseRate").GetDouble())];
        Assert.Equal(3, parses.Length);
        Assert.True(parses[0] >= parses[1] && parses[1] >= parses[2], string.Join(' ', parses));
        string[] names = [.. figures.Select(row => row.GetProperty("filler").GetString()!)];
        Assert.Equal([$"{names[2]}, repaired 2×", $"{names[2]}, repaired 1×"], names[..2]);
        Assert.Equal(2, (await RunAsync("--repair", "99")).ExitCode);
    }

    [Theory]
    [InlineData("--kind", "multi-line", "No holes are left")]
    [InlineData("--limit", "0", "No holes are left")]
    [InlineData("--kind", "whole-file", "random-span")]
    public async Task EvalInfill_NothingToFill_SaysSo(string option, string value, string message)
    {
        HoleFile.Write(folder.File("holes.jsonl"), [new Hole("a", HoleKind.InLine, "int x = ", ";\n", "1234567 + 1")]);
        CliResult result = await RunAsync(option, value);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvalInfill_BadHole_NamesFileAndLine()
    {
        await File.WriteAllTextAsync(folder.File("holes.jsonl"), "{\"id\":\"a\"}\n");
        CliResult result = await RunAsync();
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("holes.jsonl, line 1", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvalContext_TwoFiles_PrintsBothFillersAndWhatWasShown()
    {
        Directory.CreateDirectory(folder.File("src"));
        await File.WriteAllTextAsync(folder.File("src/A.cs"), "public class A { public void Withdraw(int amount) { } }\n");
        await File.WriteAllTextAsync(folder.File("src/B.cs"), "class B\n{\n    void M(A a)\n    {\n        a.Withdraw(12345);\n    }\n}\n");
        string[] arguments = ["eval", "context", "--sources", folder.File("src"), "--model", checkpoint.Path, "--threads", "1"];
        CliResult result = await CliInProcess.RunAsync("", arguments);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("| in-line | with context | 1 |", result.Output, StringComparison.Ordinal);
        Assert.Contains("| in-line | without | 1 |", result.Output, StringComparison.Ordinal);
        Assert.Contains("is in the snippets of 100.0 % of the holes", result.Output, StringComparison.Ordinal);
        File.Delete(folder.File("src/A.cs"));
        CliResult nothing = await CliInProcess.RunAsync("", arguments);
        Assert.Equal(2, nothing.ExitCode);
        Assert.Contains("has no hole that needs another file", nothing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvalSpans_TwoLinesOfEachFile_ComparesBothOrders()
    {
        Directory.CreateDirectory(folder.File("src"));
        for (int i = 0; i < 3; i++)
        {
            string members = string.Concat(Enumerable.Range(0, 4).Select(at => $"    int Member{at}() => {i} + {at};\n"));
            await File.WriteAllTextAsync(folder.File($"src/{i}.cs"), $"class C{i}\n{{\n{members}}}\n");
        }
        string[] arguments = ["eval", "spans", "--sources", folder.File("src"), "--model", checkpoint.Path, "--threads", "1"];
        CliResult result = await CliInProcess.RunAsync("", [.. arguments, "--max-new-tokens", "8", "--json"]);
        Assert.True(result.ExitCode == 0, result.Error);
        JsonElement report = JsonDocument.Parse(result.Output).RootElement;
        int files = report.GetProperty("files").GetInt32();
        Assert.InRange(files, 1, 3);
        Assert.Equal(2, report.GetProperty("holes").GetInt32());
        JsonElement[] together = [.. report.GetProperty("together").EnumerateArray()];
        JsonElement[] oneByOne = [.. report.GetProperty("oneAfterAnother").EnumerateArray()];
        Assert.Equal((files, files), (together.Length, oneByOne.Length));
        // The first pass is the same, so the second look comes on top of it.
        Assert.All(
            together.Zip(oneByOne),
            pair => Assert.True(pair.First.GetProperty("forwards").GetInt32() >= pair.Second.GetProperty("forwards").GetInt32())
        );
        CliResult table = await CliInProcess.RunAsync("", [.. arguments, "--max-new-tokens", "8", "--limit", "1"]);
        Assert.Contains("1 files with 2 holes", table.Output, StringComparison.Ordinal);
        Assert.Contains("| file parses |", table.Output, StringComparison.Ordinal);
        CliResult tooMany = await CliInProcess.RunAsync("", [.. arguments, "--holes", "7"]);
        Assert.Equal(2, tooMany.ExitCode);
        Assert.Contains("no file with 7 lines", tooMany.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvalSuggestions_HeldOutPlaces_PrintsTheCurveAndTheRules()
    {
        HoleFile.Write(
            folder.File("holes.jsonl"),
            Enumerable.Range(0, 6).Select(i => new Hole($"h{i}", (HoleKind)(i % 3), $"// one\nint x{i} = ", ";\n", $"{i} + 1234567"))
        );
        CliResult result = await CliInProcess.RunAsync(
            "",
            ["eval", "suggestions", "--holes", folder.File("holes.jsonl"), "--model", checkpoint.Path, "--threads", "1", "--limit", "2"]
        );
        Assert.Equal(0, result.ExitCode);
        string[] lines = result.Output.Split('\n', StringSplitOptions.TrimEntries);
        double[] shown =
        [
            .. lines
                .Where(line => line.StartsWith("| 0.", StringComparison.Ordinal) || line.StartsWith("| 1.0", StringComparison.Ordinal))
                .Select(line => Shown(line)),
        ];
        Assert.Equal(10, shown.Length);
        // Who is more eager shows no less.
        Assert.Equal(shown.Order(), shown);
        Assert.Equal(shown[^1], Shown(Assert.Single(lines, line => line.StartsWith("| all rules |", StringComparison.Ordinal)), column: 4));
    }

    private static double Shown(string row, int column = 2) =>
        double.Parse(row.Split('|')[column].Replace("%", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private Task<CliResult> RunAsync(params string[] arguments) =>
        CliInProcess.RunAsync(
            "",
            [
                "eval",
                "infill",
                "--holes",
                folder.File("holes.jsonl"),
                "--model",
                checkpoint.Path,
                "--threads",
                "1",
                "--max-new-tokens",
                "8",
                .. arguments,
            ]
        );
}
