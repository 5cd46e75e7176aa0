using System.Runtime.Intrinsics.X86;
using StableDiffCoder.Engine.Kernels;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Tests.Conformance;
using StableDiffCoder.Engine.Tests.Reference;
using StableDiffCoder.Engine.Weights;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Tests.Weights;

public sealed class QuantizedCheckpointTests(ITestOutputHelper output) : IDisposable
{
    private const double Tolerance = 2e-4;

    private readonly RandomCheckpoint checkpoint = new(new CheckpointShape { Intermediate = 64, Shards = 2 }, seed: 4);
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        checkpoint.Dispose();
        folder.Dispose();
    }

    [Theory]
    [InlineData(WeightQuantization.EightBits)]
    [InlineData(WeightQuantization.FourBits)]
    public void Run_ThenLoad_GivesTheCodesOfLoadingWithThatType(WeightQuantization quantization)
    {
        string written = folder.File("quantized");
        CheckpointQuantizer.Run(ModelDirectory.Open(checkpoint.Path), quantization, written, progress: null, CancellationToken.None);
        ModelDirectory directory = ModelDirectory.Open(written);
        Assert.Equal(quantization, directory.Config.Quantization);
        Assert.Equal(ModelDirectory.Open(checkpoint.Path).ParameterCount, directory.ParameterCount);
        using DiffusionTransformer stored = Load(written, quantization);
        using DiffusionTransformer rounded = Load(checkpoint.Path, quantization);
        Assert.Equal(15, stored.QuantizedWeights.Count);
        foreach ((string name, QuantizedWeight weight) in stored.QuantizedWeights)
        {
            Assert.True(AreEqual(weight.Codes, rounded.QuantizedWeights[name].Codes), name);
            Assert.True(AreEqual(weight.Scales, rounded.QuantizedWeights[name].Scales), name);
        }
        foreach ((string name, Tensor weight) in stored.Weights)
        {
            Assert.True(AreEqual(weight, rounded.Weights[name]), name);
        }
    }

    [Theory]
    [InlineData(WeightQuantization.EightBits)]
    [InlineData(WeightQuantization.FourBits)]
    public void Logits_ByEveryPath_EqualThoseOfTheExpandedWeights(WeightQuantization quantization)
    {
        using DiffusionTransformer quantized = Load(checkpoint.Path, quantization);
        using DiffusionTransformer expanded = Load(checkpoint.Path, WeightQuantization.None);
        using (no_grad())
        {
            foreach ((string name, QuantizedWeight weight) in quantized.QuantizedWeights)
            {
                using Tensor values = weight.Expand(ScalarType.Float32);
                expanded.Weights[name].copy_(values);
            }
        }
        double[][] expected = Logits(expanded);
        Compare("libtorch", Tolerance);
        foreach (ILinearKernel kernel in LinearKernels.Supported)
        {
            quantized.UseKernels(kernel, threads: 2);
            // In 8 bits AVX-512 and AVX2 round activations to 16 bits.
            bool isRounded =
                kernel is Vector512Kernel or Vector256Kernel && Avx2.IsSupported && quantization == WeightQuantization.EightBits;
            Compare(kernel.Name, isRounded ? 3e-3 : Tolerance);
        }

        void Compare(string path, double tolerance)
        {
            LogitComparison difference = LogitComparison.Of(Logits(quantized), expected);
            output.WriteLine($"{quantization}, {path}: largest difference of a log-probability {difference.LogProbability:E2}");
            Assert.True(difference.LogProbability < tolerance, $"{path}: {difference.LogProbability}");
        }
    }

    [Fact]
    public void Cost_FewBits_CountsCodesAndScales()
    {
        using DiffusionTransformer floats = Load(checkpoint.Path, WeightQuantization.None);
        using DiffusionTransformer eight = Load(checkpoint.Path, WeightQuantization.EightBits);
        ForwardCost expected = floats.Cost(logits: true);
        long outputs = eight.QuantizedWeights.Values.Sum(weight => (long)weight.Rows);
        long rounded = eight.QuantizedWeights.Values.Sum(weight => (long)weight.Rows * weight.Columns);
        Assert.Equal(expected.Weights, eight.Cost(logits: true).Weights);
        Assert.Equal(expected.Bytes - (3 * rounded) + (4 * outputs), eight.Cost(logits: true).Bytes);
        Assert.Equal(61L * 32, expected.Weights - floats.Cost(logits: false).Weights);
    }

    [Fact]
    public void Load_FourBitsOfAnOddWidth_SaysWhatToDo()
    {
        using var odd = new RandomCheckpoint(new CheckpointShape { Intermediate = 48 }, seed: 4);
        var error = Assert.Throws<NotSupportedException>(() => Load(odd.Path, WeightQuantization.FourBits));
        Assert.Contains("use int8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_AQuantizedFolder_Refuses()
    {
        string written = folder.File("quantized");
        CheckpointQuantizer.Run(ModelDirectory.Open(checkpoint.Path), WeightQuantization.EightBits, written, null, CancellationToken.None);
        ModelDirectory directory = ModelDirectory.Open(written);
        Assert.Throws<ModelLoadException>(() =>
            CheckpointQuantizer.Run(directory, WeightQuantization.FourBits, folder.File("again"), null, CancellationToken.None)
        );
        // And a folder that holds a model is not written over.
        Assert.Throws<IOException>(() =>
            CheckpointQuantizer.Run(
                ModelDirectory.Open(checkpoint.Path),
                WeightQuantization.EightBits,
                written,
                null,
                CancellationToken.None
            )
        );
    }

    [Fact]
    public void Open_QuantizedByOthers_NamesTheMethod()
    {
        string config = checkpoint.FilePath("config.json");
        string text = File.ReadAllText(config);
        File.WriteAllText(
            config,
            text.Replace("{\"arch", "{\"quantization_config\":{\"quant_method\":\"gptq\"},\"arch", StringComparison.Ordinal)
        );
        var error = Assert.Throws<ModelLoadException>(() => ModelDirectory.Open(checkpoint.Path));
        Assert.Contains("gptq", error.Message, StringComparison.Ordinal);
    }

    private static DiffusionTransformer Load(string path, WeightQuantization quantization)
    {
        ModelDirectory directory = ModelDirectory.Open(path);
        var model = new DiffusionTransformer(directory.Config with { Quantization = quantization }, ScalarType.Float32, CPU);
        try
        {
            WeightLoader.Load(directory, model.Weights, model.QuantizedWeights, progress: null, CancellationToken.None);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private static bool AreEqual(Tensor left, Tensor right)
    {
        using Tensor same = left.eq(right).all();
        return same.item<bool>();
    }

    // Block by block, behind the cache.
    private static double[][] Logits(DiffusionTransformer model)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using KvCache cache = model.NewCache(16);
        var rows = new List<double[]>();
        for (int start = 0; start < 16; start += 4)
        {
            Tensor hidden = model.Forward([7 + start, 5, 5, 9], AttentionPattern.BlockCausal(4), cache);
            cache.Commit(4);
            rows.AddRange(model.Logits(hidden).to(ScalarType.Float64).data<double>().ToArray().Chunk(model.Config.VocabSize));
        }
        return [.. rows];
    }
}
