using System.Text;
using System.Text.Json.Nodes;
using StableDiffCoder.Engine.Tokenization;

namespace StableDiffCoder.Engine.Tests.Tokenization;

/// <summary>
/// A hand-made tokenizer.json: control tokens at 0 to 4, added tokens that are not control at 5 to 7, the 256 bytes from 8 on, then one
/// token a merge.
/// </summary>
internal static class SmallTokenizer
{
    public const int Mask = 3;

    private static readonly string[] Merges =
    [
        "h e",
        "l l",
        "he ll",
        "hell o",
        "Ġ hello",
        "Ġ Ġ",
        "ĠĠ ĠĠ",
        "i n",
        "in t",
        "r e",
        "t u",
        "re tu",
        "r n",
        "retu rn",
        "Ã ©",
        "' s",
        "' Å",
        "'Å ¿",
        "ð Ł",
        "ðŁ ĳ",
        "ðŁĳ į",
        "ì °",
        "ĠĠ Ġ",
        "č Ċ",
        "Ċ Ċ",
        "æĹ ¥",
        "æ Ĺ",
        "a a",
        "aa aa",
        "a s",
    ];

    public static JsonObject Json()
    {
        var vocabulary = new JsonObject();
        var added = new JsonArray();
        string[] control = ["<bos>", "<eos>", "<pad>", "<mask>", "<fim_prefix>"];
        string[] plain = ["<fim>", "<m", "<|é|>"];
        foreach (var content in control.Concat(plain))
        {
            vocabulary[content] = added.Count;
            added.Add(AddedToken(added.Count, content, special: control.Contains(content), normalized: content == "<|é|>"));
        }

        foreach (var value in ByteLevelAlphabet.Chars)
        {
            vocabulary[value.ToString()] = vocabulary.Count;
        }

        foreach (var merge in Merges)
        {
            vocabulary[merge.Replace(" ", "")] ??= vocabulary.Count;
        }

        return new JsonObject
        {
            ["version"] = "1.0",
            ["truncation"] = null,
            ["padding"] = null,
            ["added_tokens"] = added,
            ["normalizer"] = new JsonObject { ["type"] = "NFC" },
            ["pre_tokenizer"] = new JsonObject
            {
                ["type"] = "Sequence",
                ["pretokenizers"] = new JsonArray(Split(PreTokenizerTests.SeedCoderPattern), ByteLevel(useRegex: false)),
            },
            ["post_processor"] = null,
            ["decoder"] = new JsonObject
            {
                ["type"] = "ByteLevel",
                ["add_prefix_space"] = true,
                ["trim_offsets"] = true,
                ["use_regex"] = true,
            },
            ["model"] = new JsonObject
            {
                ["type"] = "BPE",
                ["dropout"] = null,
                ["unk_token"] = null,
                ["continuing_subword_prefix"] = null,
                ["end_of_word_suffix"] = null,
                ["fuse_unk"] = false,
                ["byte_fallback"] = false,
                ["ignore_merges"] = false,
                ["vocab"] = vocabulary,
                ["merges"] = new JsonArray([.. Merges.Select(merge => JsonValue.Create(merge))]),
            },
        };
    }

    public static JsonObject AddedToken(int id, string content, bool special = false, bool normalized = false) =>
        new()
        {
            ["id"] = id,
            ["content"] = content,
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = false,
            ["normalized"] = normalized,
            ["special"] = special,
        };

    public static JsonObject Split(string pattern) =>
        new()
        {
            ["type"] = "Split",
            ["pattern"] = new JsonObject { ["Regex"] = pattern },
            ["behavior"] = "Isolated",
            ["invert"] = false,
        };

    public static JsonObject ByteLevel(bool useRegex) =>
        new()
        {
            ["type"] = "ByteLevel",
            ["add_prefix_space"] = false,
            ["trim_offsets"] = true,
            ["use_regex"] = useRegex,
        };

    public static byte[] Bytes(Action<JsonObject>? change = null)
    {
        var json = Json();
        change?.Invoke(json);
        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    public static HuggingFaceTokenizer Load(Action<JsonObject>? change = null) => TemporaryTokenizerFile.Load(Bytes(change));

    /// <summary>The tokens of a text, as readable as they can be: text where a token is valid UTF-8, else in the byte-level alphabet.</summary>
    public static string[] Tokens(HuggingFaceTokenizer tokenizer, string text, AddedTokenParsing parsing = AddedTokenParsing.All) =>
        [.. tokenizer.Encode(text, parsing).Select(id => Readable(tokenizer, id))];

    private static string Readable(HuggingFaceTokenizer tokenizer, int id)
    {
        var text = tokenizer.Decode([id]);
        return text.Contains('\uFFFD') ? ByteLevelAlphabet.Encode(tokenizer.TokenBytes(id).Span) : text;
    }
}
