using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace StableDiffCoder.Lsp.Settings;

/// <summary>
/// Makes options of what a client configured under <c>stableDiffCoder</c>. A wrong value costs itself only: a warning says what is wrong, and the
/// default takes its place. Names that are not the server's are skipped; a client keeps its own settings there.
/// </summary>
internal sealed class SettingsReader
{
    /// <summary>The section of the client's settings that is the server's.</summary>
    public const string Section = "stableDiffCoder";

    private readonly List<string> warnings = [];
    private readonly JsonElement settings;

    private SettingsReader(JsonElement settings) => this.settings = settings;

    /// <summary>Reads settings.</summary>
    /// <param name="settings">The value of the section; null and JSON's null leave all defaults.</param>
    /// <param name="defaults">Options of what is not configured.</param>
    /// <returns>Valid options, and what is wrong with the settings.</returns>
    public static (LanguageServerOptions Options, IReadOnlyList<string> Warnings) Read(
        JsonElement? settings,
        LanguageServerOptions defaults
    )
    {
        if (settings is not JsonElement given || given.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return (defaults, []);
        }
        if (given.ValueKind != JsonValueKind.Object)
        {
            return (defaults, [$"{Section} is {SectionReader.Show(given)}; an object is needed, so the defaults are used"]);
        }
        var reader = new SettingsReader(given);
        SettingsJson json = SettingsJson.Default;
        LanguageServerOptions options = defaults with
        {
            InlineCompletion = reader.Read("inlineCompletion", defaults.InlineCompletion, json.InlineCompletionOptions, o => o.Validate()),
            Editing = reader.Read("editing", defaults.Editing, json.EditingOptions, o => o.Validate()),
            Model = reader.Read("model", defaults.Model, json.ModelOptions, o => o.Validate()),
            Activation = reader.Read("activation", defaults.Activation, json.ActivationOptions, o => o.Validate()),
            Infill = reader.Read("infill", defaults.Infill, json.FillOptions, o => o.Validate()),
            Context = reader.Read("context", defaults.Context, json.ContextOptions, o => o.Validate()),
            Exclude = reader.Read("exclude", defaults.Exclude, json.ExclusionOptions, o => o.Validate()),
            Log = reader.Read("log", defaults.Log, json.LogOptions, o => o.Validate()),
            Statistics = reader.Read("statistics", defaults.Statistics, json.StatisticsOptions, _ => { }),
        };
        return (options, reader.warnings);
    }

    private T Read<T>(string name, T defaults, JsonTypeInfo<T> type, Action<T> validate)
        where T : class
    {
        if (!settings.TryGetProperty(name, out JsonElement section) || section.ValueKind == JsonValueKind.Null)
        {
            return defaults;
        }
        var reader = new SectionReader<T>($"{Section}.{name}", defaults, type, validate);
        T options = reader.Read(section);
        warnings.AddRange(reader.Warnings);
        return options;
    }
}
