using System.Globalization;

namespace StableDiffCoder.Engine.Tokenization.Templates;

/// <summary>
/// The values of a template: <see cref="TemplateText"/>, <see cref="long"/>, <see cref="bool"/>, null, lists, dictionaries with string keys,
/// and <see cref="Undefined"/>.
/// </summary>
internal static class TemplateValue
{
    /// <summary>What a name without a value stands for: false, and printed as nothing.</summary>
    public static readonly object Undefined = new();

    /// <summary>Python's truth of a value.</summary>
    public static bool IsTrue(object? value) =>
        value switch
        {
            null => false,
            bool truth => truth,
            long number => number != 0,
            TemplateText text => text.Parts.Count > 0,
            List<object?> list => list.Count > 0,
            Dictionary<string, object?> entries => entries.Count > 0,
            _ => !ReferenceEquals(value, Undefined),
        };

    /// <summary>Python's equality.</summary>
    public static new bool Equals(object? left, object? right) =>
        (left, right) switch
        {
            (TemplateText a, TemplateText b) => a.ToString() == b.ToString(),
            (long a, long b) => a == b,
            (bool a, bool b) => a == b,
            (null, null) => true,
            _ => ReferenceEquals(left, right),
        };

    /// <summary>What a value is printed as.</summary>
    /// <exception cref="TemplateException">A list or a dictionary.</exception>
    public static TemplateText ToText(object? value) =>
        value switch
        {
            TemplateText text => text,
            long number => TemplateText.Own(number.ToString(CultureInfo.InvariantCulture)),
            bool truth => TemplateText.Own(truth ? "True" : "False"),
            null => TemplateText.Own("None"),
            _ when ReferenceEquals(value, Undefined) => TemplateText.Empty,
            _ => throw new TemplateException($"{NameOf(value)} is printed, which is not supported"),
        };

    /// <summary>Items of a value that is looped over.</summary>
    /// <exception cref="TemplateException">It has none.</exception>
    public static List<object?> Items(object? value) =>
        value switch
        {
            List<object?> list => list,
            _ when ReferenceEquals(value, Undefined) => [],
            _ => throw new TemplateException($"{NameOf(value)} is looped over, which is not supported"),
        };

    /// <summary>A member or an item: <c>value.key</c> and <c>value[key]</c>.</summary>
    public static object? Member(object? value, object? key) =>
        (value, key) switch
        {
            (Dictionary<string, object?> entries, TemplateText name) => entries.GetValueOrDefault(name.ToString(), Undefined),
            (List<object?> list, long index) when index < list.Count && index >= -list.Count => list[
                (int)(index < 0 ? list.Count + index : index)
            ],
            _ => Undefined,
        };

    /// <summary>A whole number.</summary>
    /// <exception cref="TemplateException">Something else.</exception>
    public static long Number(object? value) =>
        value switch
        {
            long number => number,
            bool truth => truth ? 1 : 0,
            _ => throw new TemplateException($"a number is wanted where {NameOf(value)} stands"),
        };

    /// <summary>What kind of value it is, for messages.</summary>
    public static string NameOf(object? value) =>
        value switch
        {
            null => "none",
            TemplateText => "a string",
            long => "a number",
            bool => "a truth value",
            List<object?> => "a list",
            Dictionary<string, object?> => "a dictionary",
            _ => "an undefined name",
        };
}
