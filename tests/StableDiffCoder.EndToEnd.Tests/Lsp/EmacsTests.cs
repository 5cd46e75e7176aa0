using System.Diagnostics;
using System.Text.Json.Nodes;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.EndToEnd.Tests.Lsp;

/// <summary>A real Emacs with docs/editors/emacs/stable-diffcoder.el over eglot, driven by tests/editors/emacs/session.el.</summary>
public sealed class EmacsTests(TestModel model) : IClassFixture<TestModel>
{
    [EmacsFact]
    public async Task Emacs_DocumentedConfiguration_EditsAndCompletes()
    {
        using var session = new EditorSession();
        // Debian's eglot is a package of its own in Emacs 28.
        var start = new ProcessStartInfo("emacs", ["-q", "--batch", "-f", "package-initialize"]);
        start.ArgumentList.Add("-L");
        start.ArgumentList.Add(RepositoryFile.Find("docs/editors/emacs"));
        start.ArgumentList.Add("-l");
        start.ArgumentList.Add(RepositoryFile.Find("tests/editors/emacs/session.el"));
        JsonObject findings = await session.RunAsync(start, model.Folder, "Make it public.\n");
        string shown = findings.ToJsonString() + session.Messages;
        Assert.True((bool?)findings["inlineCompletion"], shown);
        Assert.False(string.IsNullOrWhiteSpace((string?)findings["suggestion"]), shown);
        Assert.EndsWith((string)findings["suggestion"]!, (string?)findings["completed"], StringComparison.Ordinal);
        Assert.StartsWith("        return ", (string?)findings["filled"], StringComparison.Ordinal);
        Assert.True((string?)findings["edited"] != "    private int count;", shown);
        Assert.Equal(-32800, (int?)findings["cancelled"]);
        Assert.Equal(0, (int?)findings["exitCode"]);
    }
}
