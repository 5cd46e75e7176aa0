using System.Text.Json;
using StableDiffCoder.Engine.Tests.Infilling;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

public sealed class EditTests : IDisposable
{
    private const string Code = "class C\n{\n    int a = 1;\n}\n";

    private readonly InfillCheckpoint checkpoint = new(maxPositions: 512);
    private readonly string file;

    public EditTests()
    {
        File.WriteAllText(checkpoint.FilePath(ChatTemplate.FileName), ChatTemplate.SeedCoder);
        file = checkpoint.FilePath("C.cs");
        File.WriteAllText(file, Code);
    }

    public void Dispose() => checkpoint.Dispose();

    [Fact]
    public async Task Edit_FileAsJson_GivesTheRangeAndLeavesTheFile()
    {
        CliResult result = await RunAsync(
            "",
            "edit",
            file,
            "--span",
            "3:1-4:1",
            "--instruction",
            "rename a to b",
            "--json",
            "--max-new-tokens",
            "8"
        );
        Assert.Equal(0, result.ExitCode);
        JsonElement answer = Assert.Single(result.JsonLines());
        JsonElement span = answer.GetProperty("spans")[0];
        Assert.Equal(2, span.GetProperty("range").GetProperty("start").GetProperty("line").GetInt32());
        Assert.Equal(3, span.GetProperty("range").GetProperty("end").GetProperty("line").GetInt32());
        Assert.InRange(span.GetProperty("forwards").GetInt32(), 1, 100);
        Assert.Equal(Code, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Edit_Write_ReplacesTheSpanAlone()
    {
        CliResult result = await RunAsync(
            "",
            "edit",
            file,
            "--span",
            "3:1-4:1",
            "--instruction",
            "rename a to b",
            "--write",
            "--max-new-tokens",
            "8"
        );
        Assert.Equal(0, result.ExitCode);
        string written = await File.ReadAllTextAsync(file);
        Assert.StartsWith("class C\n{\n", written, StringComparison.Ordinal);
        Assert.EndsWith("}\n", written, StringComparison.Ordinal);
        Assert.NotEqual(Code, written);
    }

    [Fact]
    public async Task EditLines_Answers_InOrderWithErrorsInTheirPlace()
    {
        CliResult result = await RunAsync(
            """
            {"code":"int a;","instruction":"rename a to b","prefix":"class C {","suffix":"}","max_new_tokens":8}
            {"code":"int a;","max_new_tokens":8}
            {"code":"int a;","instruction":" ","max_new_tokens":8}
            {"code":"int a;","instruction":"rename a to b","max_new_tokens":8,"threshold":0.01}
            """,
            "edit",
            "--jsonl",
            "-"
        );
        Assert.Equal(2, result.ExitCode);
        JsonElement[] lines = result.JsonLines();
        Assert.Equal(4, lines.Length);
        Assert.Contains("'instruction' is missing", lines[1].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.True(lines[2].TryGetProperty("error", out _));
        foreach (JsonElement line in (JsonElement[])[lines[0], lines[3]])
        {
            Assert.Equal(JsonValueKind.String, line.GetProperty("text").ValueKind);
            Assert.Matches("^(eos|length)$", line.GetProperty("stop").GetString());
        }
    }

    [Fact]
    public async Task Edit_CheckpointWithoutChatTemplate_SaysSo()
    {
        File.Delete(checkpoint.FilePath(ChatTemplate.FileName));
        CliResult result = await RunAsync("", "edit", file, "--span", "3:1-4:1", "--instruction", "x");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains(ChatTemplate.FileName, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--span")]
    [InlineData("--instruction", "--span", "1:1-2:1")]
    [InlineData("FILE", "--span", "1:1-2:1", "--instruction", "x")]
    public async Task Edit_MissingArgument_IsNamed(string named, params string[] given)
    {
        CliResult result = await RunAsync("", ["edit", .. named == "FILE" ? given : [file, .. given]]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EvalEdit_Samples_PrintsAllKindsBesideNoChange()
    {
        string samples = checkpoint.FilePath("edits.jsonl");
        const string Sample =
            """{"kind":"rename","instruction":"rename a to b","before":"int a;","after":"int b;","prefix":"","suffix":"","path":"f.cs"}""";
        await File.WriteAllTextAsync(samples, $"{Sample}\n{Sample}\n");
        CliResult result = await RunAsync("", "eval", "edit", "--edits", samples, "--limit", "1", "--max-new-tokens", "8");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("| rename | no change | 1 | 0.0 % |", result.Output, StringComparison.Ordinal);
        Assert.Contains("| all | ", result.Output, StringComparison.Ordinal);
    }

    private Task<CliResult> RunAsync(string input, params string[] arguments) =>
        CliInProcess.RunAsync(input, [.. arguments, "--model", checkpoint.Path, "--threads", "1"]);
}
