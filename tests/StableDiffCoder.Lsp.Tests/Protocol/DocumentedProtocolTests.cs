using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Lsp.Protocol;
using StableDiffCoder.Lsp.Settings;
using StableDiffCoder.Lsp.Tests.Wire;

namespace StableDiffCoder.Lsp.Tests.Protocol;

/// <summary>docs/lsp-extensions.md says what the server does, no more and no less.</summary>
public sealed partial class DocumentedProtocolTests
{
    private static readonly string Page = File.ReadAllText(RepositoryFile.Find("docs/lsp-extensions.md"));

    [Fact]
    public void Page_Methods_AreTheServers()
    {
        IEnumerable<string> documented = MethodRow().Matches(Page).Select(row => row.Groups[1].Value);
        IEnumerable<string> known = Constants<string>(typeof(LspMethods)).Select(method => method.Value);
        Assert.Equal(known.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Page_Commands_AreTheServers()
    {
        IEnumerable<string> documented = CommandRow().Matches(Page).Select(row => row.Groups[1].Value);
        Assert.Equal(Constants<string>(typeof(LspCommands)).Select(command => command.Value), documented);
        Assert.Equal(LspCommands.All, documented);
    }

    [Fact]
    public void Page_ErrorCodes_AreTheServers()
    {
        IEnumerable<(string, int)> documented = ErrorRow()
            .Matches(Page)
            .Select(row => (row.Groups[2].Value, -int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture)));
        Assert.Equal(Constants<int>(typeof(LspErrorCodes)).Order(), documented.Order());
    }

    [Theory]
    [InlineData("InfillParams", typeof(InfillParams))]
    [InlineData("InfillResult", typeof(InfillResponse))]
    [InlineData("EditParams", typeof(EditParams))]
    [InlineData("CanvasValue", typeof(CanvasValue))]
    [InlineData("CanvasSpan", typeof(CanvasValueSpan))]
    [InlineData("DebugTextParams", typeof(DebugTextParams))]
    [InlineData("DebugTextResult", typeof(DebugTextResponse))]
    [InlineData("DebugContextParams", typeof(DebugContextParams))]
    [InlineData("DebugContextResult", typeof(DebugContextResponse))]
    [InlineData("StatusResult", typeof(StatusParams))]
    [InlineData("Decision", typeof(StatusDecision))]
    [InlineData("StatisticsResult", typeof(StatisticsResponse))]
    [InlineData("StatisticsDay", typeof(StatisticsDay))]
    public void Page_Members_AreTheServers(string name, Type type)
    {
        string body = Regex
            .Match(Page, $@"interface {name} \{{(.*?)^\}}", RegexOptions.Singleline | RegexOptions.Multiline)
            .Groups[1]
            .Value;
        IEnumerable<string> documented = Member().Matches(body).Select(member => member.Groups[1].Value);
        IEnumerable<string> known = type.GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name));
        Assert.Equal(known.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Page_Settings_AreTheServers()
    {
        IEnumerable<(string, string)> documented = SettingRow()
            .Matches(Page)
            .Select(row => (row.Groups[1].Value, Plain(row.Groups[2].Value)));
        var defaults = new LanguageServerOptions();
        SettingsJson json = SettingsJson.Default;
        IEnumerable<(string, string)> known =
        [
            .. Settings("inlineCompletion", JsonSerializer.SerializeToElement(defaults.InlineCompletion, json.InlineCompletionOptions)),
            .. Settings("editing", JsonSerializer.SerializeToElement(defaults.Editing, json.EditingOptions)),
            .. Settings("model", JsonSerializer.SerializeToElement(defaults.Model, json.ModelOptions)),
            .. Settings("activation", JsonSerializer.SerializeToElement(defaults.Activation, json.ActivationOptions)),
            .. Settings("infill", JsonSerializer.SerializeToElement(defaults.Infill, json.FillOptions)),
            .. Settings("context", JsonSerializer.SerializeToElement(defaults.Context, json.ContextOptions)),
            .. Settings("exclude", JsonSerializer.SerializeToElement(defaults.Exclude, json.ExclusionOptions)),
            .. Settings("log", JsonSerializer.SerializeToElement(defaults.Log, json.LogOptions)),
            .. Settings("statistics", JsonSerializer.SerializeToElement(defaults.Statistics, json.StatisticsOptions)),
        ];
        Assert.Equal(known.Order(), documented.Order());
    }

    private static IEnumerable<(string, string)> Settings(string section, JsonElement values) =>
        values.EnumerateObject().Select(value => ($"{section}.{value.Name}", Plain(value.Value.GetRawText())));

    private static string Plain(string json) => json.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();

    [Fact]
    public void Page_Limits_AreTheServers()
    {
        Assert.Contains($"1 to {InfillOptions.MaxNewTokensLimit}", Page, StringComparison.Ordinal);
        Assert.Contains($"Default {new InfillOptions().MaxNewTokens}.", Page, StringComparison.Ordinal);
        Assert.Contains($"at most {EditRequest.LongestInstruction} UTF-16 units", Page, StringComparison.Ordinal);
        Assert.Contains($"at most {FrameReader.MaxBodyLength / (1024 * 1024)} MiB", Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_Documented_AreAllServed()
    {
        await using InMemorySession session = await InMemorySession.ReadyAsync(new ScriptedEngine());
        foreach (Match row in MethodRow().Matches(Page).Where(row => row.Groups[2].Value == "request" && row.Groups[3].Value == "client"))
        {
            var answer = await session.Client.RequestAsync(row.Groups[1].Value);
            Assert.NotEqual(LspErrorCodes.MethodNotFound, (int?)answer["error"]?["code"]);
        }
    }

    private static IEnumerable<(string Name, T Value)> Constants<T>(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (field.Name, (T)field.GetRawConstantValue()!));

    [GeneratedRegex(@"^\| `([^`]+)` \| (request|notification) \| (client|server) \|", RegexOptions.Multiline)]
    private static partial Regex MethodRow();

    [GeneratedRegex(@"^\| `(stableDiffCoder\.[\w.]+)` \|", RegexOptions.Multiline)]
    private static partial Regex CommandRow();

    [GeneratedRegex(@"^\| −(\d+) \| (\w+) \|", RegexOptions.Multiline)]
    private static partial Regex ErrorRow();

    [GeneratedRegex(@"^\| `(\w+\.\w+)` \| `([^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex SettingRow();

    [GeneratedRegex(@"^  (\w+)\??:", RegexOptions.Multiline)]
    private static partial Regex Member();
}
