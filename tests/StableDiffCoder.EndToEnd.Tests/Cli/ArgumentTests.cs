using StableDiffCoder.Engine.Tests.Infilling;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

public sealed class ArgumentTests
{
    [Fact]
    public async Task Help_Root_NamesEveryCommandAndOption()
    {
        CliResult help = await CliInProcess.RunAsync("", "--help");
        Assert.Equal(0, help.ExitCode);
        string[] names = ["infill", "generate", "score", "tokenize", "detokenize", "--model DIR", "--dtype", "--threads", "--libtorch"];
        Assert.All(names, name => Assert.Contains(name, help.Output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("infill", "--span L:C-L:C")]
    [InlineData("generate", "\"sampler\":\"reference\"")]
    [InlineData("score", "\"attention\"")]
    [InlineData("tokenize", "\"special\":false")]
    [InlineData("detokenize", "\"ids\"")]
    public async Task Help_Command_ShowsItsForms(string command, string form)
    {
        CliResult help = await CliInProcess.RunAsync("", command, "--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains($"stable-diffcoder {command}", help.Output, StringComparison.Ordinal);
        Assert.Contains(form, help.Output, StringComparison.Ordinal);
        Assert.All(help.Output.Split('\n'), line => Assert.InRange(line.Length, 0, 120));
    }

    [Theory]
    [InlineData("", "command")]
    [InlineData("infil a.cs", "infil")]
    [InlineData("infill", "FILE")]
    [InlineData("infill a.cs", "--span")]
    [InlineData("infill a.cs --span 3", "LINE:COLUMN")]
    [InlineData("infill a.cs --span 0:1", "LINE:COLUMN")]
    [InlineData("infill a.cs --span 1:1-2", "LINE:COLUMN")]
    [InlineData("infill a.cs --span 1:1-2:3-4:5", "LINE:COLUMN")]
    [InlineData("infill a.cs --span -1:1", "-1:1")]
    [InlineData("infill a.cs --span 2:1-1:9", "swap")]
    [InlineData("infill a.cs --span 1:1 --jsonl -", "--jsonl")]
    [InlineData("infill --jsonl - --write", "--jsonl")]
    [InlineData("infill a.cs --span 1:1 --max-new-tokens x", "--max-new-tokens: 'x' is not a whole number")]
    [InlineData("infill a.cs --span 1:1 --threshold x", "--threshold: 'x' is not a number")]
    [InlineData("infill a.cs --span 1:1 --sampler x", "'fused'")]
    [InlineData("eval edit --instructions x", "--instructions: 'x' is not one of its values")]
    [InlineData("bench infill --count 0", "--count")]
    [InlineData("eval holes --corpus . --out .", "it is a folder")]
    [InlineData("tokenize --jsonl .", "it is a folder")]
    [InlineData("eval infill --holes .", "it is a folder")]
    [InlineData("infill . --span 1:1", "it is a folder")]
    [InlineData("edit . --span 1:1-1:2 --instruction x", "it is a folder")]
    [InlineData("train run --config .", "it is a folder")]
    [InlineData("infill a.cs --span 1:1 --max-new-tokens 0", "axNewTokens")]
    [InlineData("infill a.cs --span 1:1 --threshold 2", "threshold")]
    [InlineData("tokenize", "--jsonl")]
    [InlineData("tokenize --jsonl no-such-file", "no-such-file")]
    [InlineData("tokenize --jsonl - --threads 0", "--threads")]
    [InlineData("tokenize --jsonl - --dtype float64", "float64")]
    [InlineData("tokenize --jsonl - --model no-such-folder", "no-such-folder")]
    [InlineData("infill no-such-file.cs --span 1:1", "no-such-file.cs")]
    public async Task Arguments_Wrong_SayWhatOnStderrAndExitWith2(string arguments, string named)
    {
        CliResult result = await CliInProcess.RunAsync("", arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
        Assert.StartsWith("stable-diffcoder: ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\t', result.Error);
        bool isCommandMissing = result.Error.Contains("Required command", StringComparison.Ordinal);
        Assert.Equal(arguments.Length == 0, isCommandMissing);
    }

    [Theory]
    [InlineData("no-such-folder", 2, "does not exist")]
    [InlineData("a.cs", 2, "is a file")]
    [InlineData("empty", 1, "config.json is missing")]
    [InlineData("without-weights", 1, "has neither model.safetensors nor model.safetensors.index.json")]
    public async Task Model_IsNone_SaysWhatIsMissing(string model, int exitCode, string message)
    {
        using var checkpoint = new InfillCheckpoint();
        using var folder = new Engine.Tests.TemporaryFolder();
        Directory.CreateDirectory(folder.File("empty"));
        Directory.CreateDirectory(folder.File("without-weights"));
        File.Copy(checkpoint.FilePath("config.json"), folder.File("without-weights/config.json"));
        File.Copy(checkpoint.FilePath("tokenizer.json"), folder.File("without-weights/tokenizer.json"));
        await File.WriteAllTextAsync(folder.File("a.cs"), "int x = 1;\n");
        CliResult result = await CliInProcess.RunAsync("", "infill", folder.File("a.cs"), "--span", "1:9", "--model", folder.File(model));
        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Model_Broken_ExitsWith1AndShowsTheStackOnlyWhenAsked()
    {
        using var folder = new Engine.Tests.TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("tokenizer.json"), "{");
        string[] arguments = ["tokenize", "--jsonl", "-", "--model", folder.Path];

        CliResult plain = await CliInProcess.RunAsync("", arguments);
        Assert.Equal(1, plain.ExitCode);
        Assert.Contains("tokenizer.json", plain.Error, StringComparison.Ordinal);
        Assert.Single(plain.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));

        CliResult verbose = await CliInProcess.RunAsync("", [.. arguments, "--verbose"]);
        Assert.Contains("   at ", verbose.Error, StringComparison.Ordinal);
    }
}
