namespace StableDiffCoder.Engine.Tokenization.Templates;

/// <summary>The filters, tests, methods and functions that published chat templates use on plain messages.</summary>
internal static class TemplateFunctions
{
    /// <summary><c>value | name(arguments)</c></summary>
    public static object? Filter(string name, object? value, IReadOnlyList<object?> arguments) =>
        name switch
        {
            "trim" => Text(value).Trim(start: true, end: true),
            "length" or "count" => Length(value),
            "first" => TemplateValue.Member(value, 0L),
            "last" => TemplateValue.Member(value, -1L),
            "list" => TemplateValue.Items(value),
            "string" => TemplateValue.ToText(value),
            "safe" => value,
            "default" or "d" => ReferenceEquals(value, TemplateValue.Undefined) ? arguments.FirstOrDefault(TemplateText.Empty) : value,
            _ => throw new TemplateException($"the filter '{name}' is not supported"),
        };

    /// <summary><c>value is name</c></summary>
    public static bool Test(string name, object? value) =>
        name switch
        {
            "defined" => !ReferenceEquals(value, TemplateValue.Undefined),
            "undefined" => ReferenceEquals(value, TemplateValue.Undefined),
            "none" => value is null,
            "string" => value is TemplateText,
            "number" or "integer" => value is long,
            "boolean" => value is bool,
            "true" => value is true,
            "false" => value is false,
            "mapping" => value is Dictionary<string, object?>,
            "sequence" or "iterable" => value is TemplateText or List<object?> or Dictionary<string, object?>,
            _ => throw new TemplateException($"the test 'is {name}' is not supported"),
        };

    /// <summary><c>value.name(arguments)</c></summary>
    public static object? Method(string name, object? value, IReadOnlyList<object?> arguments) =>
        (name, value) switch
        {
            ("strip", TemplateText text) when arguments.Count == 0 => text.Trim(start: true, end: true),
            ("lstrip", TemplateText text) when arguments.Count == 0 => text.Trim(start: true, end: false),
            ("rstrip", TemplateText text) when arguments.Count == 0 => text.Trim(start: false, end: true),
            ("startswith", TemplateText text) when arguments is [TemplateText start] => text.ToString()
                .StartsWith(start.ToString(), StringComparison.Ordinal),
            ("endswith", TemplateText text) when arguments is [TemplateText end] => text.ToString()
                .EndsWith(end.ToString(), StringComparison.Ordinal),
            ("get", Dictionary<string, object?> entries) when arguments is [TemplateText key, ..] => entries.GetValueOrDefault(
                key.ToString(),
                arguments.ElementAtOrDefault(1)
            ),
            _ => throw new TemplateException($"the method '{name}' of {TemplateValue.NameOf(value)} is not supported"),
        };

    /// <summary><c>name(arguments)</c></summary>
    public static object? Function(string name, IReadOnlyList<object?> arguments, Dictionary<string, object?> named) =>
        name switch
        {
            "raise_exception" => throw new TemplateException(
                $"it refuses these messages: {Text(arguments.FirstOrDefault(TemplateText.Empty))}"
            ),
            "namespace" => named,
            _ => throw new TemplateException($"the function '{name}' is not supported"),
        };

    private static TemplateText Text(object? value) => TemplateValue.ToText(value);

    private static long Length(object? value) =>
        value is TemplateText text ? text.ToString().Length
        : value is Dictionary<string, object?> entries ? entries.Count
        : TemplateValue.Items(value).Count;
}
