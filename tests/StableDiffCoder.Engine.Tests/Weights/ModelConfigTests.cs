using System.Text.Json.Nodes;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Tests.Weights;

public sealed class ModelConfigTests : IDisposable
{
    // The released checkpoint's values.
    private const string Released = """
        {"architectures":["StableDiffcoderForCausalLM"],"model_type":"llama","hidden_size":4096,"intermediate_size":14336,
        "num_hidden_layers":32,"num_attention_heads":32,"num_key_value_heads":8,"head_dim":128,"vocab_size":155136,"rope_theta":500000,
        "rope_scaling":null,"rms_norm_eps":1e-6,"max_position_embeddings":8192,"tie_word_embeddings":false,"attention_bias":false,
        "mlp_bias":false,"hidden_act":"silu","bos_token_id":0,"pad_token_id":1,"eos_token_id":2,"torch_dtype":"bfloat16","unknown":[1]}
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Read_ReleasedConfig_GivesItsShape()
    {
        ModelConfig config = Read(Released);
        Assert.Equal((4096, 14336, 32), (config.HiddenSize, config.IntermediateSize, config.LayerCount));
        Assert.Equal((32, 8, 128), (config.HeadCount, config.KeyValueHeadCount, config.HeadDimension));
        Assert.Equal(
            (155136, 8192, 500000, 1e-6),
            (config.VocabSize, config.MaxPositionEmbeddings, config.RopeTheta, config.RmsNormEpsilon)
        );
        Assert.Equal((0, 1, 2), (config.BosTokenId, config.PadTokenId, config.EosTokenId));
        Assert.False(config.TieWordEmbeddings);
        Assert.Equal(AttentionPattern.BlockCausal(4), config.AttentionPattern);
    }

    [Fact]
    public void Read_ToJson_GivesTheSameConfig()
    {
        ModelConfig config = Read(Released) with
        {
            InfillOrder = InfillOrder.InPlace,
            BlockLength = 8,
            TieWordEmbeddings = true,
            Remasking = RemaskingOrder.LeftToRight,
            DocumentPrior = 0.9,
        };
        Assert.Equal(config, Read(config.ToJson("float32")));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("-0.1")]
    [InlineData("\"much\"")]
    public void Read_BadDocumentPrior_IsRefusedByName(string value)
    {
        ModelLoadException error = Assert.Throws<ModelLoadException>(() => Read(With("document_prior", value)));
        Assert.Contains("'document_prior'", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, Read(With("document_prior", "0")).DocumentPrior);
    }

    [Fact]
    public void Read_RotaryBaseInRopeParameters_IsUsed()
    {
        string json = With("rope_parameters", """{"rope_type":"default","rope_theta":12345.0}""");
        Assert.Equal(12345, Read(json).RopeTheta);
    }

    [Theory]
    [InlineData("architectures", """["GPT2LMHeadModel"]""", "GPT2LMHeadModel")]
    [InlineData("architectures", "[]", "architecture")]
    [InlineData("architectures", "7", "architecture")]
    [InlineData("architectures", """["\ud800"]""", "Unicode")]
    [InlineData("model_type", "\"gpt2\"", "gpt2")]
    [InlineData("model_type", "null", "model_type")]
    [InlineData("rope_scaling", """{"rope_type":"llama3","factor":8}""", "rope_scaling")]
    [InlineData("rope_parameters", """{"rope_type":"yarn","rope_theta":1}""", "rope_parameters")]
    [InlineData("attention_bias", "true", "attention_bias")]
    [InlineData("mlp_bias", "true", "mlp_bias")]
    [InlineData("hidden_act", "\"gelu\"", "gelu")]
    [InlineData("hidden_size", "0", "hidden_size")]
    [InlineData("hidden_size", "-4", "hidden_size")]
    [InlineData("hidden_size", "\"4096\"", "hidden_size")]
    [InlineData("hidden_size", "4096.5", "hidden_size")]
    [InlineData("hidden_size", "99999999999", "hidden_size")]
    [InlineData("vocab_size", "null", "vocab_size")]
    [InlineData("num_key_value_heads", "5", "multiple")]
    [InlineData("head_dim", "7", "even")]
    [InlineData("max_position_embeddings", "2000000000", "max_position_embeddings")]
    [InlineData("rope_theta", "0", "rope_theta")]
    [InlineData("rope_theta", "1e999", "rope_theta")]
    [InlineData("rms_norm_eps", "-1", "rms_norm_eps")]
    [InlineData("rms_norm_eps", "[]", "rms_norm_eps")]
    [InlineData("tie_word_embeddings", "\"yes\"", "tie_word_embeddings")]
    [InlineData("block_length", "0", "block_length")]
    [InlineData("infill_order", "\"sideways\"", "sideways")]
    [InlineData("eos_token_id", "\"2\"", "eos_token_id")]
    [InlineData("eos_token_id", "[\"2\"]", "eos_token_id")]
    public void Read_FieldThatTheEngineCannotRun_IsNamed(string field, string value, string says) => Refused(With(field, value), says);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"llama\"")]
    [InlineData("{\"model_type\":")]
    public void Read_NoConfig_IsRefused(string json) => Refused(json, "config.json");

    [Fact]
    public void Read_DeeplyNestedOrNotUtf8_IsRefused()
    {
        Refused(new string('[', 200_000), "JSON");
        File.WriteAllBytes(folder.File("config.json"), [.. "{\"model_type\":\""u8, 0xFF, .. "\"}"u8]);
        Assert.Throws<ModelLoadException>(() => ModelConfig.Read(folder.File("config.json")));
    }

    [Fact]
    public void Read_FolderOrMissingFile_IsRefused()
    {
        Assert.Throws<ModelLoadException>(() => ModelConfig.Read(folder.Path));
        Assert.Contains("is missing", Assert.Throws<ModelLoadException>(() => ModelConfig.Read(folder.File("none.json"))).Message);
    }

    private static string With(string field, string value)
    {
        JsonObject config = JsonNode.Parse(Released)!.AsObject();
        config[field] = "@";
        return config.ToJsonString().Replace($"\"{field}\":\"@\"", $"\"{field}\":{value}", StringComparison.Ordinal);
    }

    private ModelConfig Read(string json)
    {
        File.WriteAllText(folder.File("config.json"), json);
        return ModelConfig.Read(folder.File("config.json"));
    }

    private void Refused(string json, string says) => Assert.Contains(says, Assert.Throws<ModelLoadException>(() => Read(json)).Message);
}
