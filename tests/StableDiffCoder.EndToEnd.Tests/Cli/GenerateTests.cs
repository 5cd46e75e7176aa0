using System.Globalization;
using System.Text.Json;
using StableDiffCoder.Engine.Tests.Reference;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

public sealed class GenerateTests : IDisposable
{
    private readonly ScoredCheckpoint checkpoint = new();

    public void Dispose() => checkpoint.Dispose();

    [Fact]
    public async Task Generate_Greedy_EqualsTheReleasedSampler()
    {
        ReferenceRequest[] requests =
        [
            Request(prompt: 9, genLength: 16, steps: 16),
            Request(prompt: 8, genLength: 16, steps: 8),
            // Not without a prompt: a block of masks alone is the same at every position, so that rounding would choose which is revealed first.
            Request(prompt: 1, genLength: 8, steps: 8),
            Request(prompt: 6, genLength: 12, steps: 12, threshold: 0.3),
            Request(prompt: 5, genLength: 16, steps: 4, blockLength: 8),
        ];
        CliResult result = await RunAsync(string.Join('\n', requests.Select(Line)));
        Assert.Equal(0, result.ExitCode);

        JsonElement[] lines = result.JsonLines();
        for (int i = 0; i < requests.Length; i++)
        {
            ReferenceResult expected = Reference(requests[i].BlockLength).Generate(requests[i]);
            Assert.Equal(expected.NewIds, lines[i].GetProperty("new_ids").EnumerateArray().Select(id => id.GetInt32()));
            Assert.Equal(expected.Forwards, lines[i].GetProperty("forwards").GetInt32());
            Assert.Equal(expected.Stop, lines[i].GetProperty("stop").GetString());
        }
    }

    [Fact]
    public async Task Generate_FieldsLeftOut_HaveTheirDefaults()
    {
        CliResult result = await RunAsync(
            """
            {"ids":[7,8,9]}
            {"ids":[7,8,9],"gen_length":16,"steps":16,"block_length":4,"threshold":null,"temperature":0,"seed":0,"sampler":"reference"}
            """
        );
        string[] lines = result.Output.Split('\n');
        Assert.Equal(lines[0], lines[1]);
        Assert.Equal(16, result.JsonLines()[0].GetProperty("new_ids").GetArrayLength());
    }

    [Theory]
    [InlineData("fused", "", 16)]
    [InlineData("speculative", "", 16)]
    [InlineData("fused", ",\"threshold\":0", 4)]
    [InlineData("fused", ",\"entropy_bound\":1000", 4)]
    [InlineData("self-verified", ",\"threshold\":0", 4)]
    public async Task Generate_OtherSampler_NeedsFewerForwards(string sampler, string rule, int most)
    {
        string line = $"{{\"ids\":[6,7,8,9],\"gen_length\":16{rule}";
        CliResult result = await RunAsync($"{line}}}\n{line},\"sampler\":\"{sampler}\"}}");
        JsonElement[] lines = result.JsonLines();
        Assert.InRange(lines[1].GetProperty("forwards").GetInt32(), 1, most);
        Assert.True(lines[1].GetProperty("forwards").GetInt32() < lines[0].GetProperty("forwards").GetInt32());
        if (sampler != "self-verified")
        {
            Assert.Equal(lines[0].GetProperty("new_ids").GetRawText(), lines[1].GetProperty("new_ids").GetRawText());
        }
    }

    [Fact]
    public async Task Generate_NoTime_GivesNothing()
    {
        CliResult result = await RunAsync("{\"ids\":[7,8,9,6,7],\"deadline_ms\":0}");
        Assert.Equal("{\"new_ids\":[],\"forwards\":0,\"stop\":\"deadline\"}\n", result.Output);
    }

    [Fact]
    public async Task Generate_SameSeed_GivesTheSameIds()
    {
        string line = "{\"ids\":[7],\"gen_length\":32,\"temperature\":1,\"seed\":";
        CliResult result = await RunAsync($"{line}3}}\n{line}3}}\n{line}4}}");
        string[] lines = result.Output.Split('\n');
        Assert.Equal(lines[0], lines[1]);
        Assert.NotEqual(lines[0], lines[2]);
    }

    [Theory]
    [InlineData("\"gen_length\":10", "gen_length 10 is not a multiple")]
    [InlineData("\"gen_length\":0", "gen_length is 0")]
    [InlineData("\"steps\":6", "steps 6 is not a multiple")]
    [InlineData("\"gen_length\":128", "128 positions")]
    [InlineData("\"block_length\":0", "block_length is 0")]
    [InlineData("\"threshold\":1.5", "threshold is 1.5")]
    [InlineData("\"temperature\":-1", "temperature is -1")]
    [InlineData("\"temperature\":\"0\"", "'temperature' is a string")]
    [InlineData("\"seed\":0.5", "'seed' is 0.5")]
    [InlineData("\"gen_length\":4294967296", "'gen_length' is 4294967296")]
    [InlineData("\"sampler\":\"fast\"", "\"reference\"")]
    [InlineData("\"entropy_bound\":-1", "entropy_bound is -1")]
    [InlineData("\"threshold\":0.9,\"entropy_bound\":1", "give one of them")]
    public async Task Generate_WrongField_SaysWhyAndExitsWith2(string field, string named)
    {
        CliResult result = await RunAsync($"{{\"ids\":[7],{field}}}\n{{\"ids\":[7],\"gen_length\":4}}");
        JsonElement[] lines = result.JsonLines();
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(named, lines[0].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(4, lines[1].GetProperty("new_ids").GetArrayLength());
    }

    private static ReferenceRequest Request(int prompt, int genLength, int steps, double? threshold = null, int blockLength = 4) =>
        new()
        {
            Prompt = [.. Enumerable.Range(0, prompt).Select(i => 6 + (i * 5 % 20))],
            GenLength = genLength,
            Steps = steps,
            BlockLength = blockLength,
            Threshold = threshold,
            Forbidden = ScoredCheckpoint.Forbidden,
        };

    private static string Line(ReferenceRequest request) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{{\"ids\":[{string.Join(',', request.Prompt)}],\"gen_length\":{request.GenLength},\"steps\":{request.Steps},\"block_length\":{request.BlockLength},\"threshold\":{request.Threshold?.ToString(CultureInfo.InvariantCulture) ?? "null"}}}"
        );

    private ReferenceSampler Reference(int blockLength) =>
        new(ids => checkpoint.Transformer.Logits(ids, (query, key) => key / blockLength <= query / blockLength));

    private Task<CliResult> RunAsync(string input) =>
        CliInProcess.RunAsync(input, "generate", "--jsonl", "-", "--model", checkpoint.Path, "--dtype", "float32", "--threads", "1");
}
