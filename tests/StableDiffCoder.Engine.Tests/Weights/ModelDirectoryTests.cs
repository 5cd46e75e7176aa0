using System.Text.Json.Nodes;
using StableDiffCoder.Engine.Tests.Reference;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Tests.Weights;

public sealed class ModelDirectoryTests
{
    private const string Index = "model.safetensors.index.json";
    private static readonly CheckpointShape Single = new()
    {
        Layers = 1,
        Hidden = 8,
        HeadDimension = 2,
        Intermediate = 8,
    };
    private static readonly CheckpointShape Sharded = Single with { Shards = 2 };

    [Fact]
    public void Open_SingleFile_GivesConfigAndPaths()
    {
        using var checkpoint = new RandomCheckpoint(Single, 1);
        ModelDirectory directory = ModelDirectory.Open(checkpoint.Path + Path.DirectorySeparatorChar);
        Assert.Equal(Path.GetFileName(checkpoint.Path), directory.Name);
        Assert.Equal(8, directory.Config.HiddenSize);
        Assert.Equal([checkpoint.FilePath("model.safetensors")], directory.WeightFiles);
        Assert.Equal(checkpoint.FilePath("tokenizer.json"), directory.TokenizerPath);
    }

    [Fact]
    public void Open_Shards_FollowsTheIndex()
    {
        using var checkpoint = new RandomCheckpoint(Sharded, 1);
        string odd = checkpoint.FilePath("odd name.safetensors");
        File.Move(checkpoint.FilePath("model-00002-of-00002.safetensors"), odd);
        File.WriteAllText(
            checkpoint.FilePath(Index),
            File.ReadAllText(checkpoint.FilePath(Index))
                .Replace("model-00002-of-00002.safetensors", "odd name.safetensors", StringComparison.Ordinal)
        );
        Assert.Equal([checkpoint.FilePath("model-00001-of-00002.safetensors"), odd], ModelDirectory.Open(checkpoint.Path).WeightFiles);
    }

    [Theory]
    [InlineData("../model-00001-of-00002.safetensors")]
    [InlineData("..\\model-00001-of-00002.safetensors")]
    [InlineData("/etc/model.safetensors")]
    [InlineData("\\\\server\\share\\model.safetensors")]
    [InlineData("C:\\model.safetensors")]
    [InlineData("C:model.safetensors")]
    [InlineData("sub/../../model.safetensors")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("a\0.safetensors")]
    [InlineData("pytorch_model.bin")]
    public void Open_ShardNameThatLeavesTheFolder_IsRefused(string shard)
    {
        using var checkpoint = new RandomCheckpoint(Sharded, 1);
        EditIndex(checkpoint, map => map["model.norm.weight"] = shard);
        Refused(checkpoint, "names the shard");
    }

    [Fact]
    public void Open_MissingShard_NamesIt()
    {
        using var checkpoint = new RandomCheckpoint(Sharded, 1);
        File.Delete(checkpoint.FilePath("model-00002-of-00002.safetensors"));
        Refused(checkpoint, "model-00002-of-00002.safetensors is missing");
    }

    [Fact]
    public void Open_TensorInAnotherShardThanListed_NamesIt()
    {
        using var checkpoint = new RandomCheckpoint(Sharded, 1);
        EditIndex(checkpoint, map => map["model.norm.weight"] = "model-00001-of-00002.safetensors");
        Refused(checkpoint, "'model.norm.weight'");
    }

    [Fact]
    public void Open_TensorThatTheIndexDoesNotList_NamesIt()
    {
        using var checkpoint = new RandomCheckpoint(Sharded, 1);
        EditIndex(checkpoint, map => map.Remove("model.norm.weight"));
        Assert.Equal(["model.norm.weight"], Refused(checkpoint, "does not list it").UnexpectedNames);
    }

    [Fact]
    public void Open_ListedTensorThatNoShardHolds_NamesIt()
    {
        using var checkpoint = new RandomCheckpoint(Sharded, 1);
        EditIndex(checkpoint, map => map["model.extra"] = "model-00001-of-00002.safetensors");
        Assert.Equal(["model.extra"], Refused(checkpoint, "which lacks it").MissingNames);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"weight_map":{}}""")]
    [InlineData("""{"weight_map":[]}""")]
    [InlineData("""{"weight_map":{"a":1}}""")]
    [InlineData("""{"weight_map":{"a":"b.safetensors","a":"c.safetensors"}}""")]
    [InlineData("""{"weight_map":{"a":"\ud800.safetensors"}}""")]
    public void Open_BadIndex_IsRefused(string json)
    {
        using var checkpoint = new RandomCheckpoint(Sharded, 1);
        File.WriteAllText(checkpoint.FilePath(Index), json);
        Refused(checkpoint, Index);
    }

    [Theory]
    [InlineData("pytorch_model.bin")]
    [InlineData("pytorch_model-00001-of-00002.bin")]
    [InlineData("consolidated.00.pth")]
    public void Open_PickleOnly_IsRefusedUnopened(string pickle)
    {
        using var checkpoint = new RandomCheckpoint(Single, 1);
        File.Delete(checkpoint.FilePath("model.safetensors"));
        File.WriteAllText(checkpoint.FilePath(pickle), "");
        Refused(checkpoint, $"weights as {pickle} only");
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("tokenizer.json")]
    [InlineData("model.safetensors")]
    public void Open_MissingFile_NamesIt(string file)
    {
        using var checkpoint = new RandomCheckpoint(Single, 1);
        File.Delete(checkpoint.FilePath(file));
        Refused(checkpoint, file);
    }

    [Fact]
    public void Open_WeightsThatAreAFolder_IsRefused()
    {
        using var checkpoint = new RandomCheckpoint(Single, 1);
        File.Delete(checkpoint.FilePath("model.safetensors"));
        Directory.CreateDirectory(checkpoint.FilePath("model.safetensors"));
        Refused(checkpoint, "is a folder");
    }

    [Theory]
    [InlineData("")]
    [InlineData("nowhere")]
    [InlineData("config.json")]
    [InlineData("a\0b")]
    public void Open_NoFolder_IsRefused(string name)
    {
        using var checkpoint = new RandomCheckpoint(Single, 1);
        string path = name.Length == 0 ? "" : Path.Combine(checkpoint.Path, name);
        Assert.Throws<ModelLoadException>(() => ModelDirectory.Open(path));
    }

    [Fact]
    public void Open_ConfigOfAnotherShape_NamesEveryDifference()
    {
        using var checkpoint = new RandomCheckpoint(Single with { Layers = 2 }, 1);
        EditConfig(checkpoint, config => config["vocab_size"] = 99);
        EditConfig(checkpoint, config => config["num_hidden_layers"] = 1);
        ModelLoadException error = Refused(checkpoint, "'model.embed_tokens.weight' has shape [61, 8] where [99, 8] is asked for");
        Assert.Contains("'lm_head.weight' has shape", error.Message);
        Assert.Equal(9, error.UnexpectedNames.Count);
        Assert.Contains("model.layers.1.mlp.up_proj.weight", error.UnexpectedNames);
        Assert.Empty(error.MissingNames);
    }

    [Fact]
    public void Open_ConfigThatClaimsHugeSizes_IsRefusedAtOnce()
    {
        using var checkpoint = new RandomCheckpoint(Single, 1);
        foreach (string field in (string[])["num_hidden_layers", "vocab_size", "hidden_size", "intermediate_size", "num_attention_heads"])
        {
            EditConfig(checkpoint, config => config[field] = int.MaxValue - 1);
        }
        Assert.NotEmpty(Refused(checkpoint, " more. Download").MissingNames);
    }

    [Fact]
    public void Open_UntiedConfigWithoutHead_NamesTheHead()
    {
        using var checkpoint = new RandomCheckpoint(Single with { Tied = true }, 1);
        EditConfig(checkpoint, config => config["tie_word_embeddings"] = false);
        Assert.Equal(["lm_head.weight"], Refused(checkpoint, "lacks 'lm_head.weight'").MissingNames);
    }

    private static ModelLoadException Refused(RandomCheckpoint checkpoint, string says)
    {
        ModelLoadException error = Assert.Throws<ModelLoadException>(() => ModelDirectory.Open(checkpoint.Path));
        Assert.Contains(says, error.Message);
        return error;
    }

    private static void EditIndex(RandomCheckpoint checkpoint, Action<JsonObject> edit)
    {
        JsonNode index = JsonNode.Parse(File.ReadAllText(checkpoint.FilePath(Index)))!;
        edit(index["weight_map"]!.AsObject());
        File.WriteAllText(checkpoint.FilePath(Index), index.ToJsonString());
    }

    private static void EditConfig(RandomCheckpoint checkpoint, Action<JsonObject> edit)
    {
        JsonObject config = JsonNode.Parse(File.ReadAllText(checkpoint.FilePath("config.json")))!.AsObject();
        edit(config);
        File.WriteAllText(checkpoint.FilePath("config.json"), config.ToJsonString());
    }
}
