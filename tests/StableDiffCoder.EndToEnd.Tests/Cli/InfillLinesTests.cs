using System.Text.Json;
using StableDiffCoder.Engine.Tests.Infilling;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

public sealed class InfillLinesTests : IDisposable
{
    private readonly InfillCheckpoint checkpoint = new();

    public void Dispose() => checkpoint.Dispose();

    [Fact]
    public async Task InfillLines_Answers_InOrderWithErrorsInTheirPlace()
    {
        CliResult result = await RunAsync(
            """
            {"prefix":"int x = ","suffix":";","max_new_tokens":8}
            {"prefix":"int x = ","suffix":";","max_new_tokens":0}
            {"prefix":"int x = ","suffix":";","max_new_tokens":"8"}
            {"max_new_tokens":8}
            {"suffix":";\n","max_new_tokens":4,"threshold":0.01}
            """
        );
        Assert.Equal(2, result.ExitCode);
        JsonElement[] lines = result.JsonLines();
        Assert.Equal(5, lines.Length);
        Assert.All(lines[1..4], line => Assert.True(line.TryGetProperty("error", out _)));
        foreach (JsonElement line in (JsonElement[])[lines[0], lines[4]])
        {
            Assert.Equal(JsonValueKind.String, line.GetProperty("text").ValueKind);
            Assert.InRange(line.GetProperty("tokens").GetInt32(), 0, 8);
            Assert.InRange(line.GetProperty("forwards").GetInt32(), 1, 100);
            Assert.True(line.GetProperty("milliseconds").GetDouble() > 0);
            Assert.Matches("^(eos|length)$", line.GetProperty("stop").GetString());
        }
    }

    [Fact]
    public async Task InfillLines_OptionsOfTheCommandLine_AreTheDefaultsOfItsLines()
    {
        string line = "{\"prefix\":\"int x = \",\"suffix\":\";\"";
        CliResult result = await RunAsync(
            $"{line}}}\n{line},\"max_new_tokens\":4}}\n{line},\"max_new_tokens\":20}}",
            "--max-new-tokens",
            "4"
        );
        string[] texts = [.. result.JsonLines().Select(answer => answer.GetProperty("text").GetString()!)];
        Assert.Equal(texts[0], texts[1]);
        Assert.NotEqual(texts[0], texts[2]);
    }

    [Fact]
    public async Task InfillLines_SamplerAndDeadline_AreTakenFromLineOrCommandLine()
    {
        string line = "{\"prefix\":\"int x = \",\"suffix\":\";\",\"max_new_tokens\":8";
        CliResult result = await RunAsync(
            $"{line}}}\n{line},\"sampler\":\"speculative\"}}\n{line},\"deadline_ms\":0}}\n{line},\"sampler\":\"fast\"}}",
            "--sampler",
            "reference"
        );
        JsonElement[] lines = result.JsonLines();
        Assert.Equal(lines[0].GetProperty("text").GetString(), lines[1].GetProperty("text").GetString());
        Assert.True(lines[1].GetProperty("forwards").GetInt32() < lines[0].GetProperty("forwards").GetInt32());
        Assert.Equal("deadline", lines[2].GetProperty("stop").GetString());
        Assert.Equal(0, lines[2].GetProperty("forwards").GetInt32());
        Assert.Contains("\"speculative\"", lines[3].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private Task<CliResult> RunAsync(string input, params string[] arguments) =>
        CliInProcess.RunAsync(input, ["infill", "--jsonl", "-", "--model", checkpoint.Path, "--threads", "1", .. arguments]);
}
