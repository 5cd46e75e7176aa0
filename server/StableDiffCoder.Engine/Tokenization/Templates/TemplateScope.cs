namespace StableDiffCoder.Engine.Tokenization.Templates;

/// <summary>The names that an expression sees. A loop's body has a scope of its own; what is set in it is gone behind it (Jinja's rule).</summary>
internal sealed class TemplateScope(TemplateScope? outer)
{
    private readonly Dictionary<string, object?> values = new(StringComparer.Ordinal);

    /// <summary>Where the rendered text is gathered.</summary>
    public List<TemplateText> Output { get; } = outer?.Output ?? [];

    /// <summary>A name's value, <see cref="TemplateValue.Undefined"/> where it has none.</summary>
    public object? this[string name]
    {
        get =>
            values.TryGetValue(name, out object? value) ? value
            : outer is null ? TemplateValue.Undefined
            : outer[name];
        set => values[name] = value;
    }
}
