using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Tests.Tokenization;

/// <summary>What a tokenizer.json may say, what it may not, and damage.</summary>
public class TokenizerJsonTests
{
    private const string Probe = "return hello's int\r\n  <mask> é 👍👎 <fim>";

    public static TheoryData<string, string, string> Refused =>
        new()
        {
            { "model.type", "\"WordPiece\"", "model.type" },
            { "model.type", "7", "model.type" },
            { "model.byte_fallback", "true", "model.byte_fallback" },
            { "model.dropout", "0.1", "model.dropout" },
            { "model.continuing_subword_prefix", "\"##\"", "model.continuing_subword_prefix" },
            { "model.end_of_word_suffix", "\"</w>\"", "model.end_of_word_suffix" },
            { "model.vocab", "[]", "'model.vocab' is not an object" },
            { "model.vocab", "{\"a\":1}", "not in 'model.vocab'" },
            { "model.vocab", "{\"a\":1.5}", "id of 'a'" },
            { "model.vocab", "{\"a\":-1}", "not in 'model.vocab'" },
            { "model.vocab", "{\"a\":2000000000}", "not in 'model.vocab'" },
            { "model.vocab", "{\"a\":1,\"a\":1}", "'a' twice" },
            { "model.vocab", "{\"a\":1,\"b\":1}", "not in 'model.vocab'" },
            { "model.merges", "{}", "'model.merges' is not" },
            { "model.merges", "[\"ab\"]", "merge 0" },
            { "model.merges", "[\"a b c\"]", "merge 0" },
            { "model.merges", "[\"nosuch token\"]", "'nosuch' with 'token'" },
            { "model.merges", "[[\"a\"]]", "merge 0" },
            { "model.merges", "[[\"h\",\"e\",\"l\"]]", "merge 0" },
            { "model.merges", "[[1,2]]", "merge 0" },
            { "model.merges", "[3]", "merge 0" },
            { "model", "null", "'model' is not" },
            { "model", "{}", "'model.vocab' is missing" },
            { "normalizer", "{\"type\":\"NFKC\"}", "normalizer" },
            { "normalizer", "{\"type\":\"Lowercase\"}", "normalizer" },
            { "normalizer", "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFC\"},{\"type\":\"Strip\"}]}", "normalizer" },
            { "normalizer", "{\"type\":\"Sequence\"}", "normalizer" },
            { "normalizer", "[]", "normalizer" },
            { "pre_tokenizer", "null", "pre_tokenizer" },
            { "pre_tokenizer", "{\"type\":\"Whitespace\"}", "pre_tokenizer" },
            { "pre_tokenizer", "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"use_regex\":true}", "add_prefix_space" },
            { "pre_tokenizer", "{\"type\":\"ByteLevel\",\"use_regex\":true}", "add_prefix_space" },
            { "pre_tokenizer", "{\"type\":\"Sequence\",\"pretokenizers\":[]}", "pre_tokenizer" },
            { "pre_tokenizer.pretokenizers.0.behavior", "\"Removed\"", "Isolated" },
            { "pre_tokenizer.pretokenizers.0.invert", "true", "Isolated" },
            { "pre_tokenizer.pretokenizers.0.pattern", "{\"String\":\" \"}", "Regex" },
            { "pre_tokenizer.pretokenizers.0.pattern.Regex", "\"(unclosed\"", "not closed" },
            { "pre_tokenizer.pretokenizers.0.pattern.Regex", "\"\\\\w+\"", "escape '\\w'" },
            { "pre_tokenizer.pretokenizers.0.type", "\"Digits\"", "Split or ByteLevel" },
            { "pre_tokenizer.pretokenizers.1.add_prefix_space", "true", "add_prefix_space" },
            { "decoder", "{\"type\":\"Metaspace\"}", "decoder" },
            { "added_tokens", "{}", "added_tokens" },
            { "added_tokens", "[3]", "added_tokens" },
            { "added_tokens.0.content", "\"\"", "token 0 is empty" },
            { "added_tokens.0.content", "null", "added_tokens" },
            { "added_tokens.0.id", "\"x\"", "added_tokens" },
            { "added_tokens.0.id", "-3", "added_tokens" },
            { "added_tokens.0.id", "1", "id 1" },
            { "added_tokens.0.id", "290", "id 290" },
            { "added_tokens.0.content", "\"<eos>\"", "'<eos>' has id 0" },
            { "added_tokens.0.content", "\"hello\"", "'hello'" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Load_WhatWouldBeEncodedWrongly_IsRefused(string path, string value, string reason)
    {
        var json = SmallTokenizer.Bytes(json => Set(json, path, value));
        using var file = new TemporaryTokenizerFile(json);

        var error = Assert.Throws<ModelLoadException>(() => HuggingFaceTokenizer.Load(file.Path));
        Assert.Equal(file.Path, error.Path);
        Assert.Contains(file.Path, error.Message);
        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void Load_IdsThatCannotBe_AreRefused()
    {
        Refuses("model.vocab.hello", "-1", "id -1 of 'hello'");
        Refuses("model.vocab.hello", "2000000000", "id 2000000000 of 'hello'");
        Refuses("model.vocab.hello", "20", "id 20");

        Refuses("added_tokens.1", SmallTokenizer.AddedToken(0, "<bos>").ToJsonString(), "there twice");
        Refuses("added_tokens.1", SmallTokenizer.AddedToken(0, "<new>").ToJsonString(), "id 0 of the added token '<new>'");

        static void Refuses(string path, string value, string reason) =>
            Assert.Contains(reason, Assert.Throws<ModelLoadException>(() => SmallTokenizer.Load(json => Set(json, path, value))).Message);
    }

    [Theory]
    [InlineData("normalizer", "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFC\"},{\"type\":\"NFC\"}]}")]
    [InlineData("post_processor", "{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":false,\"use_regex\":true}")]
    [InlineData("truncation", "{\"max_length\":2}")]
    [InlineData("decoder", "null")]
    [InlineData("model.unk_token", "\"<eos>\"")]
    [InlineData("model.dropout", "0.0")]
    [InlineData("model.continuing_subword_prefix", "\"\"")]
    public void Load_WhatChangesNoId_IsAccepted(string path, string value)
    {
        var tokenizer = SmallTokenizer.Load(json => Set(json, path, value));

        Assert.Equal(SmallTokenizer.Load().Encode(Probe, true), tokenizer.Encode(Probe, true));
    }

    [Fact]
    public void Load_MergesAsPairs_GivesTheSameIds()
    {
        var pairs = SmallTokenizer.Load(json =>
            json["model"]!["merges"] = new JsonArray([
                .. ((JsonArray)json["model"]!["merges"]!).Select(merge => new JsonArray([
                    .. merge!.GetValue<string>().Split(' ').Select(half => JsonValue.Create(half)),
                ])),
            ])
        );

        Assert.Equal(SmallTokenizer.Load().Encode(Probe, true), pairs.Encode(Probe, true));
    }

    [Fact]
    public void Load_MembersInAnotherOrder_GivesTheSameIds()
    {
        var reversed = SmallTokenizer.Load(json =>
        {
            Reverse((JsonObject)json["model"]!);
            Reverse(json);
        });

        Assert.Equal(SmallTokenizer.Load().Encode(Probe, true), reversed.Encode(Probe, true));
    }

    [Fact]
    public void Load_MergeThatMakesAControlToken_IsRefused()
    {
        var error = Assert.Throws<ModelLoadException>(() =>
            SmallTokenizer.Load(json =>
            {
                Set(json, "added_tokens.0.content", "\"hello\"");
                Set(json, "added_tokens.0.id", json["model"]!["vocab"]!["hello"]!.ToJsonString());
            })
        );

        Assert.Contains("control", error.Message);
    }

    [Fact]
    public void Load_MissingFile_SaysSo()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}", "tokenizer.json");

        Assert.Contains(path, Assert.Throws<ModelLoadException>(() => HuggingFaceTokenizer.Load(path)).Message);
        Assert.Throws<ModelLoadException>(() => HuggingFaceTokenizer.Load(Path.GetTempPath()));
    }

    [Fact]
    public void EnsureWorks_ProcessThatDoesNotNormalize_IsRefused()
    {
        var error = Assert.Throws<ModelLoadException>(() => NormalizedText.EnsureWorks("tokenizer.json", static text => text));

        Assert.Contains("INVARIANT", error.Message);
    }

    [Fact]
    public void Load_TruncatedFile_IsAModelLoadException()
    {
        var json = SmallTokenizer.Bytes();
        Gen.Int[0, json.Length - 1].Sample(length => Assert.Throws<ModelLoadException>(() => TemporaryTokenizerFile.Load(json[..length])));
    }

    [Fact]
    public void Load_GarbledFile_LoadsOrIsAModelLoadException()
    {
        var json = SmallTokenizer.Bytes();
        Gen.Select(Gen.Int[0, json.Length - 1], Gen.Byte)
            .Array[1, 4]
            .Sample(changes =>
            {
                var garbled = json.ToArray();
                foreach (var (position, value) in changes)
                {
                    garbled[position] = value;
                }

                LoadsOrIsRefused(garbled);
            });
    }

    [Fact]
    public void Load_AnyMemberReplaced_LoadsOrIsAModelLoadException()
    {
        string[] values = ["null", "true", "-1", "1e400", "\"\"", "\"x\"", "[]", "[[]]", "{}", "{\"type\":\"Sequence\"}", "[\"a\"]", "1.5"];
        Gen.Select(Gen.UInt, Gen.OneOf(values))
            .Sample(
                (pick, value) =>
                {
                    var json = SmallTokenizer.Json();
                    var places = Places(json).ToArray();
                    places[pick % places.Length].ReplaceWith(JsonNode.Parse(value));
                    LoadsOrIsRefused(Encoding.UTF8.GetBytes(json.ToJsonString()));
                },
                iter: 150
            );
    }

    [Fact]
    public void Encode_ByteWithoutAToken_IsLeftOutAndItsNeighboursMerge()
    {
        var tokenizer = SmallTokenizer.Load(json => json["model"]!["vocab"]!.AsObject().Remove("z"));
        Assert.Equal(tokenizer.Encode("hello", parseSpecial: false), tokenizer.Encode("hzello", parseSpecial: false));
        Assert.Empty(tokenizer.Encode("z", parseSpecial: false));
    }

    private static void LoadsOrIsRefused(byte[] json)
    {
        try
        {
            var tokenizer = TemporaryTokenizerFile.Load(json);
            tokenizer.Decode(tokenizer.Encode(Probe, true));
        }
        catch (ModelLoadException error)
        {
            Assert.NotEmpty(error.Message);
        }
    }

    /// <summary>Every node that is not one of the many entries of the vocabulary, the merges and the bytes.</summary>
    private static IEnumerable<JsonNode> Places(JsonNode node)
    {
        var children = node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items.AsEnumerable(),
            _ => [],
        };
        return children.Take(12).OfType<JsonNode>().SelectMany(child => Places(child).Prepend(child));
    }

    private static void Set(JsonNode root, string path, string value)
    {
        var keys = path.Split('.');
        var parent = keys[..^1]
            .Aggregate(root, (node, key) => node is JsonArray items ? items[int.Parse(key, CultureInfo.InvariantCulture)]! : node[key]!);
        // Written raw, so that a document can also name a member twice.
        var node = JsonNode.Parse(value);
        if (parent is JsonArray array)
        {
            array[int.Parse(keys[^1], CultureInfo.InvariantCulture)] = node;
        }
        else
        {
            parent[keys[^1]] = node;
        }
    }

    private static void Reverse(JsonObject json)
    {
        var members = json.Reverse().ToArray();
        json.Clear();
        foreach (var (name, value) in members)
        {
            json[name] = value;
        }
    }
}
