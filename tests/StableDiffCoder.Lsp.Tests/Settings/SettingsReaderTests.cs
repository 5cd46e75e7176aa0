using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.Logging;
using StableDiffCoder.Lsp.Settings;

namespace StableDiffCoder.Lsp.Tests.Settings;

public sealed class SettingsReaderTests
{
    private static readonly LanguageServerOptions Defaults = new();

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"editing":null,"model":{"path":null},"clientsOwn":{"a":1},"inlineCompletion":{"unknown":7}}""")]
    public void Read_NothingConfigured_IsTheDefaults(string settings)
    {
        (LanguageServerOptions options, IReadOnlyList<string> warnings) = Read(settings);
        Assert.Empty(warnings);
        Assert.Equal(Defaults.InlineCompletion, options.InlineCompletion);
        Assert.Equal(Defaults.Editing, options.Editing);
        Assert.Equal(Defaults.Model, options.Model);
    }

    [Fact]
    public void Read_RightValues_AreTaken()
    {
        (LanguageServerOptions options, IReadOnlyList<string> warnings) = Read(
            """
            {"inlineCompletion":{"eagerness":0.25,"candidates":5,"threshold":null},"editing":{"inComments":true},
             "model":{"path":"/models/large","threads":2,"lowPriority":false},
             "activation":{"disabledLanguages":["markdown"],"pauseOnBattery":true},"log":{"level":"debug"},"statistics":{"keep":false}}
            """
        );
        Assert.Empty(warnings);
        Assert.Equal(0.25, options.InlineCompletion.Eagerness);
        Assert.Equal(5, options.InlineCompletion.Candidates);
        Assert.Null(options.InlineCompletion.Threshold);
        Assert.True(options.Editing.InComments);
        Assert.Equal("/models/large", options.Model.Path);
        Assert.Equal(2, options.Model.Threads);
        Assert.False(options.Model.LowPriority);
        Assert.Equal(["markdown"], options.Activation.DisabledLanguages);
        Assert.True(options.Activation.PauseOnBattery);
        Assert.Equal(LogLevel.Debug, options.Log.Level);
        Assert.False(options.Statistics.Keep);
    }

    [Theory]
    [InlineData("7", "stableDiffCoder is 7; an object is needed, so the defaults are used")]
    [InlineData("""{"editing":[]}""", "stableDiffCoder.editing is []; an object is needed, so the defaults are used")]
    [InlineData(
        """{"inlineCompletion":{"eagerness":"high"}}""",
        "stableDiffCoder.inlineCompletion.eagerness is \"high\"; a number is needed, so the default 0.4 is used"
    )]
    [InlineData(
        """{"inlineCompletion":{"candidates":2.5}}""",
        "stableDiffCoder.inlineCompletion.candidates is 2.5; a whole number is needed, so the default 3 is used"
    )]
    [InlineData(
        """{"inlineCompletion":{"eagerness":7}}""",
        "stableDiffCoder.inlineCompletion: eagerness is 7; use 0 to 1; the default 0.4 is used"
    )]
    [InlineData(
        """{"editing":{"inStrings":"yes"}}""",
        "stableDiffCoder.editing.inStrings is \"yes\"; true or false is needed, so the default false is used"
    )]
    [InlineData("""{"model":{"path":7}}""", "stableDiffCoder.model.path is 7; text is needed, so the default (none) is used")]
    [InlineData(
        """{"model":{"threads":0}}""",
        "stableDiffCoder.model: threads is 0; use 1 to 1024, or leave it out; the default (none) is used"
    )]
    [InlineData(
        """{"log":{"level":"loud"}}""",
        "stableDiffCoder.log.level is \"loud\"; one of trace, debug, information, warning, error, critical, none is needed, so the default \"Information\" is used"
    )]
    [InlineData(
        """{"activation":{"disabledLanguages":"markdown"}}""",
        "stableDiffCoder.activation.disabledLanguages is \"markdown\"; a list of texts is needed, so the default [] is used"
    )]
    public void Read_WrongValue_IsToldAndTheDefault(string settings, string warning)
    {
        (LanguageServerOptions options, IReadOnlyList<string> warnings) = Read(settings);
        Assert.Equal([warning], warnings);
        options.Validate();
    }

    [Fact]
    public void Read_WrongValueAmongRightOnes_CostsItselfOnly()
    {
        (LanguageServerOptions options, IReadOnlyList<string> warnings) = Read(
            """{"inlineCompletion":{"leastDebounce":500,"eagerness":-1,"mostDebounce":800,"candidates":"x","keptOffers":7}}"""
        );
        Assert.Equal(2, warnings.Count);
        Assert.Equal(500, options.InlineCompletion.LeastDebounce);
        Assert.Equal(800, options.InlineCompletion.MostDebounce);
        Assert.Equal(7, options.InlineCompletion.KeptOffers);
        Assert.Equal(Defaults.InlineCompletion.Eagerness, options.InlineCompletion.Eagerness);
    }

    [Fact]
    public void Read_AnyValues_GivesValidOptions() =>
        Gen.Select(
                Gen.OneOf("inlineCompletion", "editing", "model", "activation", "log", "statistics"),
                Gen.OneOf(Names()),
                Gen.OneOf("null", "true", "-1", "0", "3", "1e9", "0.5", "\"\"", "\" \"", "\"cuda:1\"", "[]", "[null]", "[\"\"]", "{}")
            )
            .Array[0, 5]
            .Sample(
                entries =>
                {
                    IEnumerable<string> sections = entries
                        .GroupBy(entry => entry.Item1)
                        .Select(section =>
                            $"\"{section.Key}\":{{{string.Join(',', section.DistinctBy(e => e.Item2).Select(e => $"\"{e.Item2}\":{e.Item3}"))}}}"
                        );
                    Read($"{{{string.Join(',', sections)}}}").Options.Validate();
                },
                iter: 2000
            );

    private static string[] Names() =>
        [
            .. new object[]
            {
                Defaults.InlineCompletion,
                Defaults.Editing,
                Defaults.Model,
                Defaults.Activation,
                Defaults.Log,
                Defaults.Statistics,
            }
                .SelectMany(section => section.GetType().GetProperties())
                .Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name))
                .Distinct(),
        ];

    private static (LanguageServerOptions Options, IReadOnlyList<string> Warnings) Read(string settings) =>
        SettingsReader.Read(JsonDocument.Parse(settings).RootElement, Defaults);
}
