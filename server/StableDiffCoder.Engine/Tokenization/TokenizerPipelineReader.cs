using System.Text.Json;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Tokenization;

/// <summary>Reads the small sections of tokenizer.json and refuses what this tokenizer would do differently from Hugging Face's.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="settings">The file's members; those of <c>model</c> have names like <c>model.type</c>.</param>
internal sealed class TokenizerPipelineReader(string path, IReadOnlyDictionary<string, JsonElement> settings)
{
    /// <summary>Whether a chunk that is a token is taken as it is, without merging up to it.</summary>
    public bool IgnoresMerges => Setting("model.ignore_merges") is { ValueKind: JsonValueKind.True };

    /// <summary>Refuses other models than byte-level BPE, and options of BPE that byte-level ones do not use.</summary>
    public void CheckModel()
    {
        // Files of early versions leave the type out.
        if (Setting("model.type") is { } type && TextOf(type) != "BPE")
        {
            throw Refuse("model.type", "BPE");
        }

        if (Setting("model.byte_fallback") is { ValueKind: not JsonValueKind.False })
        {
            throw Refuse("model.byte_fallback", "false");
        }

        if (Setting("model.dropout") is { } dropout && !(dropout.ValueKind == JsonValueKind.Number && dropout.GetDouble() == 0))
        {
            throw Refuse("model.dropout", "null or 0: it makes ids random");
        }

        foreach (var affix in new[] { "model.continuing_subword_prefix", "model.end_of_word_suffix" })
        {
            if (Setting(affix) is { } value && TextOf(value) != "")
            {
                throw Refuse(affix, "null");
            }
        }

        if (Setting("decoder") is { } decoder && TypeOf(decoder) != "ByteLevel")
        {
            throw Refuse("decoder", "ByteLevel");
        }
    }

    /// <summary>Whether text is brought to form C: <c>null</c>, <c>NFC</c>, or a <c>Sequence</c> of these.</summary>
    public bool ReadNormalizer()
    {
        var steps = Setting("normalizer") is { } normalizer ? Steps(normalizer, "normalizers").ToList() : [];
        return steps.TrueForAll(step => TypeOf(step) == "NFC")
            ? steps.Count > 0
            : throw Refuse("normalizer", "null, NFC or a Sequence of NFC");
    }

    /// <summary>The patterns of <c>Split</c> and <c>ByteLevel</c> in the order in which they apply.</summary>
    public IReadOnlyList<string> ReadSplitPatterns()
    {
        var steps = Setting("pre_tokenizer") is { } preTokenizer ? Steps(preTokenizer, "pretokenizers").ToList() : [];
        // Whatever came after ByteLevel would see its alphabet, not the text.
        if (steps.Count == 0 || steps.FindIndex(step => TypeOf(step) == "ByteLevel") != steps.Count - 1)
        {
            throw Refuse("pre_tokenizer", "ByteLevel, or a Sequence of Split that ends with it");
        }

        return [.. steps.Select(ReadSplitPattern).OfType<string>()];
    }

    /// <summary>The <c>added_tokens</c>.</summary>
    public IReadOnlyList<AddedToken> ReadAddedTokens()
    {
        if (Setting("added_tokens") is not { } tokens)
        {
            return [];
        }

        return tokens.ValueKind == JsonValueKind.Array
            ? [.. tokens.EnumerateArray().Select(ReadAddedToken)]
            : throw Refuse("added_tokens", "an array");
    }

    private string? ReadSplitPattern(JsonElement step)
    {
        switch (TypeOf(step))
        {
            case "ByteLevel" when !IsFalse(step, "add_prefix_space"):
                throw Refuse("pre_tokenizer's add_prefix_space", "false");
            case "ByteLevel":
                return IsFalse(step, "use_regex") ? null : PreTokenizer.Gpt2Pattern;
            case "Split":
                var isIsolated = Member(step, "behavior") is { } behavior && TextOf(behavior) == "Isolated" && IsFalse(step, "invert");
                var regex = Member(step, "pattern") is { } pattern ? Member(pattern, "Regex") : null;
                return isIsolated && regex is { ValueKind: JsonValueKind.String } expression
                    ? expression.GetString()
                    : throw Refuse("pre_tokenizer's Split", "a Regex with the behavior Isolated, not inverted");
            default:
                throw Refuse("pre_tokenizer", "Split or ByteLevel");
        }
    }

    private AddedToken ReadAddedToken(JsonElement token)
    {
        var id = Member(token, "id") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : -1;
        var content = Member(token, "content") is { } text ? TextOf(text) : null;
        if (id < 0 || content is null)
        {
            throw Refuse("an entry of added_tokens", "an object with an id and a content");
        }

        return new AddedToken(id, content)
        {
            IsSpecial = IsTrue(token, "special"),
            IsNormalized = IsTrue(token, "normalized"),
            StripsLeft = IsTrue(token, "lstrip"),
            StripsRight = IsTrue(token, "rstrip"),
            IsSingleWord = IsTrue(token, "single_word"),
        };
    }

    private static IEnumerable<JsonElement> Steps(JsonElement element, string listName) =>
        TypeOf(element) == "Sequence" && Member(element, listName) is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().SelectMany(step => Steps(step, listName))
            : [element];

    private JsonElement? Setting(string name) =>
        settings.TryGetValue(name, out var element) && element.ValueKind != JsonValueKind.Null ? element : null;

    private static JsonElement? Member(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) ? member : null;

    private static string? TypeOf(JsonElement element) => Member(element, "type") is { } type ? TextOf(type) : null;

    private static string? TextOf(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    private static bool IsTrue(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.True };

    private static bool IsFalse(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.False };

    private ModelLoadException Refuse(string setting, string expected) =>
        new(
            path,
            $"{path}: {setting} must be {expected}. Only byte-level BPE tokenizers without or with the normalizer NFC are supported."
        );
}
