using StableDiffCoder.Engine.Tests.Reference;
using StableDiffCoder.Engine.Weights;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Tests.Weights;

public sealed class WeightLoaderTests
{
    private static readonly CheckpointShape Small = new()
    {
        Layers = 1,
        Hidden = 8,
        HeadDimension = 2,
        Intermediate = 8,
    };

    [Theory]
    [InlineData(StoredType.F32, ScalarType.Float32, 1, false)]
    [InlineData(StoredType.F16, ScalarType.Float32, 1, true)]
    [InlineData(StoredType.BF16, ScalarType.Float32, 3, false)]
    [InlineData(StoredType.BF16, ScalarType.BFloat16, 2, true)]
    [InlineData(StoredType.F32, ScalarType.Float64, 2, false)]
    public void Load_AnyStoredType_FillsEveryTensor(StoredType stored, ScalarType type, int shards, bool tied)
    {
        using var scope = NewDisposeScope();
        using var checkpoint = new RandomCheckpoint(Small with { Type = stored, Shards = shards, Tied = tied }, 3);
        Dictionary<string, Tensor> destination = Allocate(checkpoint.Shape, type);
        var reported = new Reports();
        WeightLoader.Load(ModelDirectory.Open(checkpoint.Path), destination, reported);

        foreach ((string name, float[] expected) in checkpoint.Weights)
        {
            // Every value of F16 and BF16 fits F32 and F64; BF16 stays itself.
            Assert.Equal(expected, destination[name].to(ScalarType.Float32).flatten().data<float>().ToArray());
        }
        Assert.Equal(reported.Values.Order(), reported.Values);
        Assert.Equal(1, reported.Values[^1]);
    }

    [Fact]
    public void Load_DestinationsOfOddLayout_AreFilled()
    {
        using var scope = NewDisposeScope();
        using var checkpoint = new RandomCheckpoint(Small, 3);
        Dictionary<string, Tensor> destination = Allocate(checkpoint.Shape, ScalarType.Float32);
        destination["lm_head.weight"] = empty(Small.Hidden, Small.Vocabulary).t();
        destination["model.norm.weight"] = new TorchSharp.Modules.Parameter(empty(Small.Hidden));
        WeightLoader.Load(ModelDirectory.Open(checkpoint.Path), destination);
        Assert.Equal(checkpoint.Weights["lm_head.weight"], destination["lm_head.weight"].contiguous().data<float>().ToArray());
        Assert.Equal(checkpoint.Weights["model.norm.weight"], destination["model.norm.weight"].data<float>().ToArray());
    }

    [Fact]
    public void Load_OtherDestinations_NamesAllDifferencesAndCopiesNothing()
    {
        using var scope = NewDisposeScope();
        using var checkpoint = new RandomCheckpoint(Small, 3);
        Dictionary<string, Tensor> destination = Allocate(checkpoint.Shape, ScalarType.Float32);
        destination.Remove("model.norm.weight");
        destination["model.extra"] = zeros(1);
        destination["lm_head.weight"] = zeros(3, Small.Hidden);
        Tensor untouched = destination["model.embed_tokens.weight"].zero_();

        ModelLoadException error = Assert.Throws<ModelLoadException>(() =>
            WeightLoader.Load(ModelDirectory.Open(checkpoint.Path), destination)
        );
        Assert.Equal(["model.extra"], error.MissingNames);
        Assert.Equal(["model.norm.weight"], error.UnexpectedNames);
        Assert.Contains("'lm_head.weight' has shape [61, 8] where [3, 8] is asked for", error.Message);
        Assert.Equal(0, untouched.abs().sum().item<float>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Load_TiedHeadStoredAllTheSame_IsAcceptedOnlyWhenEqual(bool equal)
    {
        using var scope = NewDisposeScope();
        using var checkpoint = new RandomCheckpoint(Small with { Tied = true }, 3);
        float[] head = [.. checkpoint.Weights["model.embed_tokens.weight"]];
        head[^1] += equal ? 0 : 1;
        IEnumerable<(string, long[], float[])> tensors = checkpoint
            .Shape.Tensors()
            .Select(t => (t.Name, t.Shape, checkpoint.Weights[t.Name]))
            .Append(("lm_head.weight", [Small.Vocabulary, Small.Hidden], head));
        File.WriteAllBytes(checkpoint.FilePath("model.safetensors"), SafetensorsBytes.Of(tensors, StoredType.F32));
        void Load() => WeightLoader.Load(ModelDirectory.Open(checkpoint.Path), Allocate(checkpoint.Shape, ScalarType.Float32));

        if (equal)
        {
            Load();
            return;
        }
        Assert.Contains("differs from 'model.embed_tokens.weight'", Assert.Throws<ModelLoadException>(Load).Message);
    }

    [Fact]
    public void Load_IntegersAsWeights_AreRefusedByName()
    {
        using var checkpoint = new RandomCheckpoint(Small, 3);
        string path = checkpoint.FilePath("model.safetensors");
        byte[] bytes = File.ReadAllBytes(path);
        int at = bytes.AsSpan().IndexOf("\"dtype\":\"F32\""u8);
        "\"dtype\":\"I32\""u8.CopyTo(bytes.AsSpan(at));
        File.WriteAllBytes(path, bytes);
        ModelLoadException error = Assert.Throws<ModelLoadException>(() => ModelDirectory.Open(checkpoint.Path));
        Assert.Contains("'model.embed_tokens.weight' is stored as I32", error.Message);
    }

    [Fact]
    public void Load_Cancelled_Stops()
    {
        using var scope = NewDisposeScope();
        using var checkpoint = new RandomCheckpoint(Small, 3);
        using var cancellation = new CancellationTokenSource();
        var reported = new Reports { Next = cancellation.Cancel };
        Assert.Throws<OperationCanceledException>(() =>
            WeightLoader.Load(
                ModelDirectory.Open(checkpoint.Path),
                Allocate(checkpoint.Shape, ScalarType.Float32),
                reported,
                cancellation.Token
            )
        );
        Assert.Single(reported.Values);
    }

    private static Dictionary<string, Tensor> Allocate(CheckpointShape shape, ScalarType type) =>
        shape.Tensors().ToDictionary(t => t.Name, t => full(t.Shape, float.NaN, dtype: type));

    private sealed class Reports : IProgress<double>
    {
        public List<double> Values { get; } = [];
        public Action? Next { get; init; }

        public void Report(double value)
        {
            Values.Add(value);
            Next?.Invoke();
        }
    }
}
