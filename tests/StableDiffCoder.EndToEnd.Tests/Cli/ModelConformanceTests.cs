using StableDiffCoder.Cli.Measuring;
using StableDiffCoder.Engine.Runtime;
using static TorchSharp.torch;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

public sealed class ModelConformanceTests
{
    [Fact]
    public async Task Conformance_KernelsOfThisCpu_Hold()
    {
        CliResult result = await CliInProcess.RunAsync("", ["model", "conformance", "--checkpoints", "4", "--threads", "1"]);

        Assert.Equal(0, result.ExitCode);
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.EndsWith(": holds", line, StringComparison.Ordinal));
        Assert.Contains("same tokens in 4 of 4", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conformance_NoSuchDevice_SaysWhatToDo()
    {
        CliResult result = await CliInProcess.RunAsync("", ["model", "conformance", "--device", "cuda:7"]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--libtorch", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("float32", true, false)]
    [InlineData("bfloat16", null, true)]
    public void Holds_TokensOrProbabilitiesDiffer_IsFalse(string type, bool? same, bool near)
    {
        TorchRuntime.EnsureLoaded();
        ConformanceRow measured = DeviceConformance.Run(3, type, tolerance: near ? 1e-9 : 1e-2, CPU, CancellationToken.None);

        Assert.Equal(same, measured.SameTokens);
        Assert.Equal(!near, measured.Holds);
        Assert.False((measured with { SameTokens = false }).Holds);
    }
}
