using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace StableDiffCoder.Lsp.Settings;

/// <summary>Words of a value for a warning.</summary>
internal static class SectionReader
{
    private const int MostShown = 40;

    /// <summary>A value as JSON, cut when it is long.</summary>
    public static string Show(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length <= MostShown ? text : $"{text[..MostShown]}…";
    }
}

/// <summary>Reads one section of the settings into a record, value by value.</summary>
/// <param name="path">The section's full name.</param>
/// <param name="defaults">Values of what is not configured.</param>
/// <param name="type">How the record is spelled.</param>
/// <param name="validate">Throws an ArgumentException that says what is out of bounds.</param>
internal sealed class SectionReader<T>(string path, T defaults, JsonTypeInfo<T> type, Action<T> validate)
    where T : class
{
    private readonly JsonObject known = (JsonObject)JsonSerializer.SerializeToNode(defaults, type)!;

    /// <value>What was wrong.</value>
    public List<string> Warnings { get; } = [];

    /// <summary>The section's values, and the defaults where it has none or wrong ones.</summary>
    public T Read(JsonElement section)
    {
        if (section.ValueKind != JsonValueKind.Object)
        {
            Warnings.Add($"{path} is {SectionReader.Show(section)}; an object is needed, so the defaults are used");
            return defaults;
        }
        List<JsonProperty> pending = [.. section.EnumerateObject().Where(IsSet).Where(HasRightType)];
        if (Try([.. pending], out T? all, out _))
        {
            return all;
        }
        // One of them is out of bounds. Bounds may depend on another value, so what is refused is tried again behind the others.
        var taken = new List<JsonProperty>();
        T options = defaults;
        bool advanced = true;
        while (advanced)
        {
            advanced = false;
            foreach (JsonProperty next in pending.ToArray())
            {
                if (Try([.. taken, next], out T? better, out _))
                {
                    options = better;
                    taken.Add(next);
                    pending.Remove(next);
                    advanced = true;
                }
            }
        }
        foreach (JsonProperty refused in pending)
        {
            Try([.. taken, refused], out _, out string problem);
            Warnings.Add($"{path}: {problem}; {Default(refused)} is used");
        }
        return options;
    }

    // Null is a value where there may be none, and elsewhere a client's way to say that nothing is set.
    private bool IsSet(JsonProperty property) =>
        type.Properties.FirstOrDefault(candidate => candidate.Name == property.Name) is JsonPropertyInfo setting
        && (property.Value.ValueKind != JsonValueKind.Null || setting.IsSetNullable);

    private bool HasRightType(JsonProperty property)
    {
        try
        {
            JsonSerializer.Deserialize(With([property]), type);
            return true;
        }
        catch (JsonException)
        {
            string expected = Expected(property.Name);
            Warnings.Add(
                $"{path}.{property.Name} is {SectionReader.Show(property.Value)}; {expected} is needed, so {Default(property)} is used"
            );
            return false;
        }
    }

    private bool Try(IReadOnlyList<JsonProperty> properties, [NotNullWhen(true)] out T? options, out string problem)
    {
        options = JsonSerializer.Deserialize(With(properties), type)!;
        try
        {
            validate(options);
            problem = "";
            return true;
        }
        catch (ArgumentException exception)
        {
            problem = exception.Message;
            options = null;
            return false;
        }
    }

    private JsonObject With(IEnumerable<JsonProperty> properties)
    {
        var changed = (JsonObject)known.DeepClone();
        foreach (JsonProperty property in properties)
        {
            changed[property.Name] = JsonNode.Parse(property.Value.GetRawText());
        }
        return changed;
    }

    private string Default(JsonProperty property) => $"the default {known[property.Name]?.ToJsonString() ?? "(none)"}";

    private string Expected(string name)
    {
        Type property = type.Properties.Single(candidate => candidate.Name == name).PropertyType;
        Type bare = Nullable.GetUnderlyingType(property) ?? property;
        return bare == typeof(bool) ? "true or false"
            : bare == typeof(int) ? "a whole number"
            : bare == typeof(double) ? "a number"
            : bare == typeof(string) ? "text"
            : bare.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(bare)).ToLowerInvariant()}"
            : "a list of texts";
    }
}
