using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>A real Neovim with docs/editors/neovim/stable-diffcoder.lua, driven by tests/editors/neovim/session.lua.</summary>
public sealed class NeovimTests(TestModel model) : IClassFixture<TestModel>
{
    [NeovimFact]
    public async Task Neovim_DocumentedConfiguration_EditsAndCompletes()
    {
        using var session = new EditorSession();
        JsonObject findings = await session.RunAsync(await NeovimAsync(session.Folder), model.Folder);
        string shown = findings.ToJsonString() + session.Messages;
        Assert.Equal(["begin", "end"], Kinds(findings).Where(kind => kind != "report"));
        Assert.True(Kinds(findings).Count(kind => kind == "report") >= 2, shown);
        Assert.Equal("utf-16", (string?)findings["encoding"]);
        Assert.True((bool?)findings["capabilities"]!["inlineCompletionProvider"], shown);
        Assert.False(string.IsNullOrWhiteSpace((string?)findings["suggestion"]), shown);
        Assert.EndsWith((string)findings["suggestion"]!, (string?)findings["completed"], StringComparison.Ordinal);
        Assert.Equal("Edit: ", (string?)findings["prompt"]);
        Assert.True((string?)findings["edited"]!["before"] != (string?)findings["edited"]!["after"], shown);
        Assert.Empty(findings["messages"]!.AsArray());
    }

    private static IEnumerable<string> Kinds(JsonObject findings) =>
        findings["progress"]!.AsArray().Select(value => (string)value!["kind"]!);

    private static async Task<ProcessStartInfo> NeovimAsync(string folder)
    {
        string setup = Path.Combine(folder, "setup.lua");
        await File.WriteAllTextAsync(setup, "vim.g.stable_diffcoder = { command = vim.json.decode(os.getenv('COMMAND')) }\n");
        var start = new ProcessStartInfo("nvim", ["--headless", "-u", "NONE", "-i", "NONE", "-n"]);
        string plugin = RepositoryFile.Find("docs/editors/neovim/stable-diffcoder.lua");
        foreach (string script in new[] { setup, plugin, RepositoryFile.Find("tests/editors/neovim/session.lua") })
        {
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add($"luafile {script}");
        }
        string[] lines = EditorSession.Sample.Split('\n');
        int hole = Array.FindIndex(lines, line => line.Contains("return", StringComparison.Ordinal)) + 1;
        start.Environment["LINES"] = lines.Length.ToString(CultureInfo.InvariantCulture);
        start.Environment["HOLE"] = hole.ToString(CultureInfo.InvariantCulture);
        return start;
    }
}
