using System.Text;
using System.Text.Json;
using StableDiffCoder.Engine.Tests;
using StableDiffCoder.Engine.Tests.Infilling;

namespace StableDiffCoder.EndToEnd.Tests.Cli;

public sealed class InfillFileTests : IDisposable
{
    private const string Source = "class Counter\n{\n    int count = 0; // 😀\n    void Add() => count++;\n}\n";

    private readonly InfillCheckpoint checkpoint = new();
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        checkpoint.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Infill_PlainOutput_IsADiffAndLeavesTheFileAlone()
    {
        string file = WriteFile(Source);
        CliResult result = await RunAsync(file, "--span", "3:9-3:18");
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(result.Error);
        Assert.Equal(Source, await File.ReadAllTextAsync(file));

        (int start, int length) = (Source.IndexOf("count = 0", StringComparison.Ordinal), "count = 0".Length);
        string changed = UnifiedDiffReader.Apply(result.Output, Source);
        Assert.NotEqual(Source, changed);
        Assert.StartsWith(Source[..start], changed, StringComparison.Ordinal);
        Assert.EndsWith(Source[(start + length)..], changed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infill_Json_GivesRangesOfTheOriginalInTheOrderOfTheArguments()
    {
        string file = WriteFile(Source);
        // Behind the emoji, which is two columns wide; then a cursor further up; then two whole lines.
        CliResult result = await RunAsync(file, "--span", "3:25", "--span", "1:7", "--span", "4:1-5:1", "--json", "--write");
        JsonElement answer = Assert.Single(result.JsonLines());
        JsonElement[] spans = [.. answer.GetProperty("spans").EnumerateArray()];
        Assert.Equal([(2, 24, 2, 24), (0, 6, 0, 6), (3, 0, 4, 0)], spans.Select(span => Range(span.GetProperty("range"))));
        Assert.All(spans, span => Assert.InRange(span.GetProperty("tokens").GetInt32(), 0, 24));
        Assert.All(spans, span => Assert.True(span.GetProperty("forwards").GetInt32() > 0));
        Assert.Equal(Path.GetFileName(checkpoint.Path), answer.GetProperty("model").GetString());

        string[] lines = Source.Split('\n');
        string[] texts = [.. spans.Select(span => span.GetProperty("text").GetString()!)];
        string expected = $"class {texts[1]}Counter\n{{\n{lines[2]}{texts[0]}\n{texts[2]}}}\n";
        Assert.Equal(expected, await File.ReadAllTextAsync(file));
    }

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", true)]
    public async Task Infill_Write_KeepsEncodingMarkAndLineEnds(string encodingName, bool mark)
    {
        Encoding encoding = Encoding.GetEncoding(encodingName);
        string text = Source.Replace("\n", "\r\n", StringComparison.Ordinal);
        string file = folder.File("Counter.cs");
        byte[] preamble = mark ? encoding.GetPreamble() : [];
        await File.WriteAllBytesAsync(file, [.. preamble, .. encoding.GetBytes(text)]);

        CliResult result = await RunAsync(file, "--span", "2:2-4:1", "--write");
        Assert.Equal(0, result.ExitCode);
        byte[] written = await File.ReadAllBytesAsync(file);
        Assert.Equal(preamble, written[..preamble.Length]);
        string changed = encoding.GetString(written.AsSpan(preamble.Length));
        Assert.Equal(changed, UnifiedDiffReader.Apply(result.Output, text));
        Assert.StartsWith("class Counter\r\n{", changed, StringComparison.Ordinal);
        Assert.EndsWith("    void Add() => count++;\r\n}\r\n", changed, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', changed.Replace("\r\n", "", StringComparison.Ordinal));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public async Task Infill_WriteThroughALink_ReplacesItsTargetAndKeepsItsMode()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        string file = WriteFile(Source);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string link = folder.File("link.cs");
        File.CreateSymbolicLink(link, file);
        CliResult result = await RunAsync(link, "--span", "1:7", "--write");
        Assert.Equal(0, result.ExitCode);
        Assert.NotEqual(Source, await File.ReadAllTextAsync(file));
        Assert.NotNull(File.ResolveLinkTarget(link, false));
        Assert.True(File.GetUnixFileMode(file).HasFlag(UnixFileMode.UserExecute));
    }

    [Theory]
    [InlineData("", "1:1")]
    [InlineData("x", "1:1")]
    [InlineData("x", "1:2")]
    [InlineData("x", "1:1-1:2")]
    [InlineData("x\n", "2:1")]
    public async Task Infill_EdgesOfTheFile_AreFilled(string text, string span)
    {
        CliResult result = await RunAsync(WriteFile(text), "--span", span);
        Assert.Equal(0, result.ExitCode);
        UnifiedDiffReader.Apply(result.Output, text);
    }

    [Theory]
    [InlineData("7:1", "has 6 lines")]
    [InlineData("2:3", "column 2")]
    [InlineData("1:1-99:1", "has 6 lines")]
    [InlineData("3:24", "use 23 or 25")]
    [InlineData("4:1-4:5 --span 4:4-4:9", "overlap")]
    [InlineData("4:1 --span 4:1", "overlap")]
    public async Task Infill_SpanOutsideTheFile_NamesFileLineAndFix(string span, string named)
    {
        string file = WriteFile(Source);
        CliResult result = await RunAsync(file, ["--span", .. span.Split(' ')]);
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
        Assert.Contains(file, result.Error, StringComparison.Ordinal);
        Assert.Contains(named, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infill_NotUtf8_IsRefused()
    {
        string file = folder.File("latin1.cs");
        await File.WriteAllBytesAsync(file, [(byte)'a', 0xE9, (byte)'b']);
        CliResult result = await RunAsync(file, "--span", "1:1", "--write");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("UTF-8", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Infill_WriteToReadOnlyFile_IsRefusedBeforeTheModelRuns()
    {
        string file = WriteFile(Source);
        File.SetAttributes(file, FileAttributes.ReadOnly);
        CliResult result = await CliInProcess.RunAsync(
            "",
            "infill",
            file,
            "--span",
            "1:1",
            "--write",
            "--model",
            folder.File("no-such-model")
        );
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("read-only", result.Error, StringComparison.Ordinal);
        File.SetAttributes(file, FileAttributes.Normal);
        Assert.Equal(Source, await File.ReadAllTextAsync(file));
    }

    [Fact]
    public async Task Infill_EmptyFile_IsFilled()
    {
        string file = WriteFile("");
        CliResult result = await RunAsync(file, "--span", "1:1", "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Single(Assert.Single(result.JsonLines()).GetProperty("spans").EnumerateArray());
        CliResult outside = await RunAsync(file, "--span", "1:2");
        Assert.Equal(2, outside.ExitCode);
        Assert.Contains("column 1", outside.Error, StringComparison.Ordinal);
    }

    private string WriteFile(string text)
    {
        File.WriteAllText(folder.File("Counter.cs"), text);
        return folder.File("Counter.cs");
    }

    private Task<CliResult> RunAsync(string file, params string[] arguments) =>
        CliInProcess.RunAsync("", ["infill", file, "--max-new-tokens", "24", "--model", checkpoint.Path, "--threads", "1", .. arguments]);

    private static (int, int, int, int) Range(JsonElement range) =>
        (
            range.GetProperty("start").GetProperty("line").GetInt32(),
            range.GetProperty("start").GetProperty("character").GetInt32(),
            range.GetProperty("end").GetProperty("line").GetInt32(),
            range.GetProperty("end").GetProperty("character").GetInt32()
        );
}
