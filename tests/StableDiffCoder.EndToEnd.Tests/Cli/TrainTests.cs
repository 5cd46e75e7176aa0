using System.Runtime.CompilerServices;
using StableDiffCoder.Engine.Tests;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

public sealed class TrainTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Train_EveryStep_EndsWithAModelThatTheOtherCommandsLoad()
    {
        string sources = Path.Combine(RepositoryRoot(), "server", "StableDiffCoder.Engine");
        await RunAsync("corpus", "--from", sources, "--out", folder.File("corpus"));
        await RunAsync("tokenizer", "--corpus", folder.File("corpus"), "--out", folder.File("tokenizer.json"), "--vocabulary", "320");
        await RunAsync(
            "tokens",
            ["--corpus", folder.File("corpus"), "--tokenizer", folder.File("tokenizer.json"), "--out", folder.File("tokens")]
        );
        string shard = Path.GetFileName(Directory.GetFiles(folder.File("tokens"), "train-*.bin").Order(StringComparer.Ordinal).First());
        await File.WriteAllTextAsync(
            folder.File("run.json"),
            $$"""
            {
              "model": { "hidden_size": 16, "intermediate_size": 24, "layer_count": 1, "head_count": 2, "key_value_head_count": 1, "head_dimension": 8 },
              "tokenizer": "tokenizer.json", "train": ["tokens/{{shard}}"], "validation": ["tokens/{{shard}}"], "out": "out",
              "context_length": 64, "batch_rows": 2, "validation_rows": 2, "dtype": "float32",
              "stages": [{ "kind": "ar", "tokens": 256 }, { "kind": "cpt", "tokens": 256 }]
            }
            """
        );
        CliResult trained = await RunAsync("run", "--config", folder.File("run.json"), "--threads", "1");
        string model = trained.Output.Trim().Split(' ')[^1];

        const string Line = "{\"ids\":[20,21],\"gen_length\":4}";
        CliResult generated = await CliInProcess.RunAsync(Line, "generate", "--jsonl", "-", "--model", model, "--threads", "1");
        Assert.Equal(0, generated.ExitCode);
        Assert.Equal(4, Assert.Single(generated.JsonLines()).GetProperty("new_ids").GetArrayLength());
    }

    [Theory]
    [InlineData("run --config no-such-file.json", "no-such-file.json")]
    [InlineData("corpus --from no-such-folder --out out", "no-such-folder")]
    [InlineData("tokenizer --corpus no-such-folder --out t.json", "no-such-folder")]
    [InlineData("corpus --from . --description a.json --description b.json --out out", "--description")]
    [InlineData("", "command")]
    public async Task Train_WrongInput_ExitsWith2(string arguments, string named)
    {
        CliResult result = await CliInProcess.RunAsync("", ["train", .. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
    }

    private static async Task<CliResult> RunAsync(string step, params string[] arguments)
    {
        CliResult result = await CliInProcess.RunAsync("", ["train", step, .. arguments]);
        Assert.True(result.ExitCode == 0, result.Error);
        return result;
    }

    private static string RepositoryRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
