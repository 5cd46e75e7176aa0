using StableDiffCoder.Lsp.Completions;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Completions;

public sealed class SuggestionReplayTests
{
    [Fact]
    public async Task Suggestion_WithoutARule_IsWhatTheRulePrevents()
    {
        SuggestionReplay replay = await ReplayAsync("int a = |", "1;");
        Assert.Equal("1;", replay.Suggestion().Text);
        SuggestionReplay doubled = await ReplayAsync("int a = |;\n", "1;");
        Assert.Null(doubled.Suggestion().Text); // "1" is quicker typed than read
        Assert.Equal("TooShort", doubled.Suggestion().SilencedBy);
        Assert.Equal("1", doubled.Suggestion("TooShort").Text);
        Assert.Throws<ArgumentException>(() => doubled.Suggestion("NoSuchRule"));
    }

    [Fact]
    public async Task RunAsync_PlaceThatARuleRefuses_AsksNoModel()
    {
        var engine = new ScriptedEngine();
        SuggestionReplay replay = await ReplayAsync("// one |", "two", engine);
        Assert.Equal("InsideComment", replay.Suggestion().SilencedBy);
        Assert.Empty(engine.Requests);
    }

    private static Task<SuggestionReplay> ReplayAsync(string marked, string fill, ScriptedEngine? engine = null) =>
        SuggestionReplay.RunAsync(
            engine ?? new ScriptedEngine { Fill = fill },
            marked.Replace("|", "", StringComparison.Ordinal),
            "csharp",
            marked.IndexOf('|', StringComparison.Ordinal),
            new LanguageServerOptions(),
            CancellationToken.None
        );
}
