using System.Text.Json;

namespace StableDiffCoder.Cli.JsonLines;

/// <summary>The fields of an input line. A field of the wrong type is an error that names it; a field that nobody asks for is ignored.</summary>
internal readonly struct JsonFields
{
    private readonly JsonElement root;

    /// <exception cref="InvalidInputException">Not an object.</exception>
    public JsonFields(JsonElement root)
    {
        this.root =
            root.ValueKind == JsonValueKind.Object
                ? root
                : throw new InvalidInputException($"the line is {Kind(root)}; it must be an object such as {{\"text\":\"…\"}}");
    }

    /// <summary>A string; an unpaired surrogate becomes U+FFFD.</summary>
    public string Text(string name) => OptionalText(name) ?? throw Missing(name, "a string");

    /// <summary>A string, or null when the field is missing or null.</summary>
    public string? OptionalText(string name) =>
        !Has(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.String ? JsonText.Read(value)
        : throw Wrong(name, value, "a string");

    /// <summary>Strings; empty when the field is missing. One string stands for a list of it.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        if (!Has(name, out JsonElement value))
        {
            return [];
        }
        if (value.ValueKind == JsonValueKind.String)
        {
            return [JsonText.Read(value)];
        }
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            throw Wrong(name, value, "a list of strings");
        }
        return [.. value.EnumerateArray().Select(JsonText.Read)];
    }

    /// <summary>Token ids, each at least 0 and below a bound.</summary>
    /// <param name="name">Name of the field.</param>
    /// <param name="vocabSize">The bound.</param>
    public int[] Ids(string name, int vocabSize)
    {
        if (!Has(name, out JsonElement value))
        {
            throw Missing(name, "a list of token ids");
        }
        if (value.ValueKind != JsonValueKind.Array)
        {
            throw Wrong(name, value, "a list of token ids");
        }
        var ids = new int[value.GetArrayLength()];
        int index = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long id))
            {
                throw new InvalidInputException($"'{name}'[{index}] is {Kind(item)}; token ids are whole numbers");
            }
            if (id < 0 || id >= vocabSize)
            {
                throw new InvalidInputException($"'{name}'[{index}] is {id}; this model's token ids are 0 to {vocabSize - 1}");
            }
            ids[index++] = (int)id;
        }
        return ids;
    }

    /// <summary>A whole number.</summary>
    public int Integer(string name, int fallback) => OptionalInteger(name) ?? fallback;

    /// <summary>A whole number, or null when the field is missing or null.</summary>
    public int? OptionalInteger(string name) =>
        OptionalLong(name) is not long value ? null
        : value is >= int.MinValue and <= int.MaxValue ? (int)value
        : throw new InvalidInputException($"'{name}' is {value}; that is out of range");

    /// <summary>A whole number of 64 bits, or null when the field is missing or null.</summary>
    public long? OptionalLong(string name) =>
        !Has(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) ? number
        : throw Wrong(name, value, "a whole number");

    /// <summary>A number, or null when the field is missing or null.</summary>
    public double? OptionalNumber(string name) =>
        !Has(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? value.GetDouble()
        : throw Wrong(name, value, "a number");

    /// <summary>A truth value.</summary>
    public bool Flag(string name, bool fallback) =>
        !Has(name, out JsonElement value) ? fallback
        : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean()
        : throw Wrong(name, value, "true or false");

    private bool Has(string name, out JsonElement value)
    {
        value = default;
        // The last one wins, as everywhere in JSON; a name that is no valid text is nobody's.
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (IsNamed(property, name))
            {
                value = property.Value;
            }
        }
        return value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
    }

    private static bool IsNamed(JsonProperty property, string name)
    {
        try
        {
            return property.NameEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static InvalidInputException Missing(string name, string expected) => new($"'{name}' is missing; give {expected}");

    private static InvalidInputException Wrong(string name, JsonElement value, string expected) =>
        new($"'{name}' is {Kind(value)}; it must be {expected}");

    private static string Kind(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            JsonValueKind.String => "a string",
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => "null",
        };
}
