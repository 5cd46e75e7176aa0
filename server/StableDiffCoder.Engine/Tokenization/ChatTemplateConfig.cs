using System.Text.Json;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Tokenization;

/// <summary>What tokenizer_config.json says about chats.</summary>
/// <param name="Template">"chat_template": the template, or the one named "default" of several; null when it has none.</param>
/// <param name="Bos">"bos_token".</param>
/// <param name="Eos">"eos_token".</param>
internal sealed record ChatTemplateConfig(string? Template, string? Bos, string? Eos)
{
    /// <summary>Reads the file; one that is not there says nothing.</summary>
    /// <exception cref="ModelLoadException">It is not JSON, or cannot be read.</exception>
    public static ChatTemplateConfig Read(string path)
    {
        if (!File.Exists(path))
        {
            return new ChatTemplateConfig(null, null, null);
        }
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object
                ? new ChatTemplateConfig(TemplateOf(root), Token(root, "bos_token"), Token(root, "eos_token"))
                : throw new JsonException("it is not an object");
        }
        catch (Exception error) when (error is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new ModelLoadException(path, $"{path} cannot be read: {error.Message} Download it again.", error);
        }
    }

    // Folders with several templates list them as {"name":…,"template":…}.
    private static string? TemplateOf(JsonElement root) =>
        !root.TryGetProperty("chat_template", out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : value.ValueKind != JsonValueKind.Array ? null
        : value.EnumerateArray().Where(entry => Text(entry, "name") == "default").Select(entry => Text(entry, "template")).FirstOrDefault();

    // A token is its text, or an object with the text as "content".
    private static string? Token(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Object
            ? Text(value, "content")
            : Text(root, name);

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out JsonElement value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
