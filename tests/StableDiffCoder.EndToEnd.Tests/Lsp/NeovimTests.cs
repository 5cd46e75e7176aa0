using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>A real Neovim with the configuration of docs/editors.md, driven by tests/editors/neovim/session.lua.</summary>
public sealed class NeovimTests(TestModel model) : IClassFixture<TestModel>
{
    private const string Sample = """
        using System;

        class Stack
        {
            private readonly int[] items = new int[16];
            private int count;

            public void Push(int item)
            {
                items[count] = item;
                count++;
            }

            public int Pop()
            {
                count--;
                return items[count];
            }
        }
        """;

    [NeovimFact]
    public async Task Neovim_DocumentedConfiguration_EditsAndCompletes()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("stable-diffcoder-neovim");
        try
        {
            string report = Path.Combine(folder.FullName, "report.json");
            string messages = await RunAsync(folder.FullName, report);
            var findings = (JsonObject)JsonNode.Parse(await File.ReadAllTextAsync(report))!;
            string shown = findings.ToJsonString() + messages;
            Assert.Equal(["begin", "end"], Kinds(findings).Where(kind => kind != "report"));
            Assert.True(Kinds(findings).Count(kind => kind == "report") >= 2, shown);
            Assert.Equal("utf-16", (string?)findings["encoding"]);
            Assert.True((bool?)findings["capabilities"]!["inlineCompletionProvider"], shown);
            Assert.False(string.IsNullOrWhiteSpace((string?)findings["suggestion"]), shown);
            Assert.EndsWith((string)findings["suggestion"]!, (string?)findings["completed"], StringComparison.Ordinal);
            Assert.Empty(findings["messages"]!.AsArray());
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<string> Kinds(JsonObject findings) =>
        findings["progress"]!.AsArray().Select(value => (string)value!["kind"]!);

    private async Task<string> RunAsync(string folder, string report)
    {
        string sample = Path.Combine(folder, "Stack.cs");
        string setup = Path.Combine(folder, "setup.lua");
        string configuration = Path.Combine(folder, "init.lua");
        await File.WriteAllTextAsync(sample, Sample + "\n");
        await File.WriteAllTextAsync(setup, $"vim.g.stable_diffcoder_command = vim.json.decode([==[{Command()}]==])\n");
        await File.WriteAllTextAsync(configuration, DocumentedConfiguration());
        var start = new ProcessStartInfo("nvim", ["--headless", "-u", "NONE", "-i", "NONE", "-n"])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        foreach (string script in new[] { setup, configuration, RepositoryFile.Find("tests/editors/neovim/session.lua") })
        {
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add($"luafile {script}");
        }
        string[] lines = Sample.Split('\n');
        start.Environment["SAMPLE"] = sample;
        start.Environment["REPORT"] = report;
        start.Environment["LINES"] = lines.Length.ToString(CultureInfo.InvariantCulture);
        start.Environment["HOLE"] = (Array.FindIndex(lines, line => line.Contains("return", StringComparison.Ordinal)) + 1).ToString(
            CultureInfo.InvariantCulture
        );
        // Neovim writes its state and the log of the client there.
        foreach (string variable in new[] { "HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME" })
        {
            start.Environment[variable] = folder;
        }
        using Process neovim = Process.Start(start)!;
        Task<string> errors = neovim.StandardError.ReadToEndAsync();
        Task<string> output = neovim.StandardOutput.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        try
        {
            await neovim.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            neovim.Kill(entireProcessTree: true);
            await neovim.WaitForExitAsync(CancellationToken.None);
        }
        string messages = $"{await output}\n{await errors}";
        Assert.True(neovim.ExitCode == 0, messages);
        return messages;
    }

    private string Command() => JsonSerializer.Serialize(ServerProcess.Command(model.Folder));

    private static string DocumentedConfiguration()
    {
        string page = File.ReadAllText(RepositoryFile.Find("docs/editors.md"));
        Match section = Regex.Match(page, "^## Neovim$.*?^```lua$(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline);
        Assert.True(section.Success, "docs/editors.md has no Neovim configuration");
        return section.Groups[1].Value;
    }
}
