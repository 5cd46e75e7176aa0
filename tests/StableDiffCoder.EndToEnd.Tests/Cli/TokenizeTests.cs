using System.Text.Json;
using StableDiffCoder.Engine.Tests.Infilling;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

public sealed class TokenizeTests : IDisposable
{
    private readonly InfillCheckpoint checkpoint = new();

    public void Dispose() => checkpoint.Dispose();

    [Fact]
    public async Task Tokenize_ThenDetokenize_GivesTheTextBack()
    {
        string[] texts = ["int x = 1;\n", "", "né 😀", "\u2028\u0085", "<[fim-prefix]>", "a\tb\r\n"];
        CliResult tokenized = await RunAsync("tokenize", string.Join('\n', texts.Select(text => JsonSerializer.Serialize(new { text }))));
        Assert.Equal(0, tokenized.ExitCode);
        Assert.Equal(texts.Length, tokenized.JsonLines().Length);

        CliResult back = await RunAsync("detokenize", tokenized.Output);
        Assert.Equal(0, back.ExitCode);
        Assert.Equal(texts, back.JsonLines().Select(line => line.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task Tokenize_SpecialFalse_TakesControlTokensAsText()
    {
        CliResult result = await RunAsync(
            "tokenize",
            """
            {"text":"<[fim-prefix]>"}
            {"text":"<[fim-prefix]>","special":true}
            {"text":"<[fim-prefix]>","special":false}
            """
        );
        int[][] ids = [.. result.JsonLines().Select(line => Ids(line, "ids"))];
        Assert.Equal([InfillCheckpoint.FimPrefix], ids[0]);
        Assert.Equal(ids[0], ids[1]);
        Assert.True(ids[2].Length > 1);
    }

    [Fact]
    public async Task Tokenize_UnpairedSurrogates_AreReplacementCharacters()
    {
        CliResult result = await RunAsync(
            "tokenize",
            """
            {"text":"a\ud800\n\u0041\"\udc00"}
            {"text":"a\ufffd\nA\"\ufffd"}
            {"text":"\ud83d\ude00", "\ud800":1}
            """
        );
        JsonElement[] lines = result.JsonLines();
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(Ids(lines[1], "ids"), Ids(lines[0], "ids"));
        Assert.NotEmpty(Ids(lines[2], "ids"));
    }

    [Fact]
    public async Task JsonLines_BadLines_AreErrorsInTheirPlaceAndTheRestGoesOn()
    {
        string good = "{\"text\":\"x\"}";
        string[] bad =
        [
            "{\"text\":",
            "[]",
            "7",
            "{\"text\":5}",
            "{}",
            "{\"text\":null}",
            "{\"text\":\"x\",\"special\":1}",
            good + good,
            "\"\u0001\"",
        ];
        string input = "\uFEFF" + good + "\r\n\n  \t\n" + string.Concat(bad.Select(line => line + "\n" + good + "\n")).TrimEnd('\n');

        CliResult result = await RunAsync("tokenize", input);
        JsonElement[] lines = result.JsonLines();
        Assert.Equal(2, result.ExitCode);
        Assert.Equal(1 + (2 * bad.Length), lines.Length);
        string[] errors =
        [
            .. lines.Where(line => line.TryGetProperty("error", out _)).Select(line => line.GetProperty("error").GetString()!),
        ];
        Assert.Equal(bad.Length, errors.Length);
        for (int i = 0; i < bad.Length; i++)
        {
            // The first line is good, the next two are blank.
            Assert.StartsWith($"line {4 + (2 * i)}: ", errors[i], StringComparison.Ordinal);
            Assert.Contains($"(stdin):{4 + (2 * i)}: ", result.Error, StringComparison.Ordinal);
            Assert.True(lines[2 + (2 * i)].TryGetProperty("ids", out _));
        }
    }

    [Theory]
    [InlineData("{\"ids\":[12,-1]}", "'ids'[1] is -1")]
    [InlineData("{\"ids\":[280]}", "'ids'[0] is 280")]
    [InlineData("{\"ids\":[11]}", "'ids'[0] is 11")]
    [InlineData("{\"ids\":[1.5]}", "'ids'[0] is 1.5")]
    [InlineData("{\"ids\":[99999999999999999999]}", "'ids'[0]")]
    [InlineData("{\"ids\":\"12\"}", "'ids' is a string")]
    [InlineData("{\"id\":[12]}", "'ids' is missing")]
    public async Task Detokenize_WrongIds_NameTheField(string line, string named)
    {
        CliResult result = await RunAsync("detokenize", line);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(named, Assert.Single(result.JsonLines()).GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    private Task<CliResult> RunAsync(string command, string input) =>
        CliInProcess.RunAsync(input, command, "--jsonl", "-", "--model", checkpoint.Path);

    private static int[] Ids(JsonElement line, string name) => [.. line.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
