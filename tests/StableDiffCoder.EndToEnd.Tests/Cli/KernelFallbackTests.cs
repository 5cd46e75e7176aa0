using System.Diagnostics;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

/// <summary>The kernels of CPUs that this one is not: the runtime can be told to leave instructions unused.</summary>
public sealed class KernelFallbackTests
{
    [Theory]
    [InlineData("float32")]
    [InlineData("int8")]
    public async Task Generate_WithoutInstructions_WritesTheSame(string type)
    {
        using var checkpoint = new ScoredCheckpoint();
        string? expected = null;
        foreach (
            string without in (string[])["DOTNET_TieredCompilation", "DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic"]
        )
        {
            ProcessStartInfo start = CliProcess.StartInfo(
                "generate",
                "--jsonl",
                "-",
                "--model",
                checkpoint.Path,
                "--dtype",
                type,
                "--threads",
                "2"
            );
            start.Environment[without] = "0";
            CliResult result = await CliProcess.RunAsync(start, "{\"ids\":[20,31,42,53,64],\"gen_length\":16,\"sampler\":\"fused\"}\n");
            Assert.Equal(0, result.ExitCode);
            string ids = string.Join(' ', result.JsonLines()[0].GetProperty("new_ids").EnumerateArray().Select(id => id.GetInt32()));
            expected ??= ids;
            Assert.True(expected == ids, $"{without}=0: {ids} instead of {expected}");
        }
    }
}
