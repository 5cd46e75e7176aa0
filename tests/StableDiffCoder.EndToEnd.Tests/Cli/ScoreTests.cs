using System.Text.Json;
using StableDiffCoder.Engine.Tests.Reference;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

public sealed class ScoreTests : IDisposable
{
    private readonly ScoredCheckpoint checkpoint = new();

    public void Dispose() => checkpoint.Dispose();

    [Fact]
    public async Task Score_EveryAttention_EqualsTheReference()
    {
        int[] ids = [.. Enumerable.Range(0, 70).Select(i => i * 7 % ScoredCheckpoint.Vocabulary)];
        (string Fields, Func<int, int, bool> Sees)[] cases =
        [
            ("", (query, key) => key / 4 <= query / 4),
            (",\"attention\":\"block-causal\",\"block_length\":8", (query, key) => key / 8 <= query / 8),
            (",\"attention\":\"causal\"", (query, key) => key <= query),
            (",\"attention\":\"full\"", (_, _) => true),
        ];
        string list = string.Join(',', ids);
        CliResult result = await RunAsync(string.Join('\n', cases.Select(c => $"{{\"ids\":[{list}]{c.Fields}}}")));
        Assert.Empty(result.Error);
        Assert.Equal(0, result.ExitCode);

        JsonElement[] lines = result.JsonLines();
        for (int i = 0; i < cases.Length; i++)
        {
            double[][] expected = [.. checkpoint.Transformer.Logits(ids, cases[i].Sees).Select(LogSoftmax)];
            int[] argmax = [.. expected.Select(row => Array.IndexOf(row, row.Max()))];
            Assert.Equal(argmax, lines[i].GetProperty("argmax").EnumerateArray().Select(id => id.GetInt32()));
            AssertClose(expected.Select((row, position) => row[ids[position]]), lines[i].GetProperty("logprob"));
            AssertClose(expected.Select(row => row.Max()), lines[i].GetProperty("top"));
        }
    }

    [Theory]
    [InlineData("{\"ids\":[280]}", "0 to 279")]
    [InlineData("{\"ids\":[1],\"attention\":\"diagonal\"}", "\"block-causal\"")]
    [InlineData("{\"ids\":[1],\"block_length\":0}", "'block_length' is 0")]
    [InlineData("{\"ids\":[1],\"block_length\":4.5}", "'block_length' is 4.5")]
    [InlineData(null, "128 positions")]
    public async Task Score_WrongLine_SaysWhyAndTheNextIsAnswered(string? line, string named)
    {
        line ??= $"{{\"ids\":[{string.Join(',', Enumerable.Repeat(3, 129))}]}}";
        CliResult result = await RunAsync(line + "\n{\"ids\":[]}");
        JsonElement[] lines = result.JsonLines();
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(named, lines[0].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, lines[1].GetProperty("argmax").GetArrayLength());
    }

    private Task<CliResult> RunAsync(string input) =>
        CliInProcess.RunAsync(input, "score", "--jsonl", "-", "--model", checkpoint.Path, "--dtype", "float32", "--threads", "1");

    private static double[] LogSoftmax(double[] logits)
    {
        double[] probability = ReferenceSoftmax.Of(logits);
        return [.. probability.Select(p => Math.Log(p))];
    }

    private static void AssertClose(IEnumerable<double> expected, JsonElement actual) =>
        Assert.All(expected.Zip(actual.EnumerateArray()), pair => Assert.Equal(pair.First, pair.Second.GetDouble(), 2e-3));
}
