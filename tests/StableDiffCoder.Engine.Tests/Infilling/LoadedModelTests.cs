using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Weights;

namespace StableDiffCoder.Engine.Tests.Infilling;

public sealed class LoadedModelTests
{
    private static readonly ModelLoadOptions OneThread = new() { Threads = 1, DataType = "float32" };

    [Fact]
    public void Load_CompleteFolder_KnowsItsIds()
    {
        using var checkpoint = new InfillCheckpoint();
        var reports = new List<ModelLoadProgress>();
        using LoadedModel model = LoadedModel.Load(
            checkpoint.Path,
            OneThread,
            new Recorder<ModelLoadProgress>(reports),
            CancellationToken.None
        );
        Assert.Equal(InfillCheckpoint.Mask, model.SpecialIds.Mask);
        Assert.Equal(InfillCheckpoint.Eos, model.SpecialIds.Eos);
        Assert.Equal([InfillCheckpoint.Mask, .. InfillCheckpoint.IdsWithoutToken], model.SpecialIds.Forbidden);
        Assert.False(model.Transformer.training);
        Assert.All(model.Transformer.Weights.Values, weight => Assert.False(weight.requires_grad));
        Assert.Equal(reports.Select(report => report.Fraction).Order(), reports.Select(report => report.Fraction));
        Assert.Equal(1, reports[^1].Fraction);
        Assert.True(reports.Count >= 3);
    }

    [Fact]
    public void Load_Bfloat16_StoresIt()
    {
        using var checkpoint = new InfillCheckpoint();
        using LoadedModel model = LoadedModel.Load(checkpoint.Path, OneThread with { DataType = "bfloat16" }, null, CancellationToken.None);
        Assert.Equal(TorchSharp.torch.ScalarType.BFloat16, model.Transformer.DataType);
    }

    [Fact]
    public void Load_Int8_KeepsTheWeightsOfLinearMapsInEightBits()
    {
        using var checkpoint = new InfillCheckpoint();
        using LoadedModel model = LoadedModel.Load(checkpoint.Path, OneThread with { DataType = "int8" }, null, CancellationToken.None);
        Assert.Equal(WeightQuantization.EightBits, model.Transformer.Config.Quantization);
        Assert.All(model.Transformer.QuantizedWeights.Values, weight => Assert.Equal(TorchSharp.torch.ScalarType.Int8, weight.Codes.dtype));
        Assert.Contains("model.layers.0.mlp.up_proj.weight", model.Transformer.QuantizedWeights.Keys);
    }

    [Fact]
    public void Load_AQuantizedFolderInAnotherType_SaysWhatItHolds()
    {
        using var checkpoint = new InfillCheckpoint();
        using var folder = new TemporaryFolder();
        string written = folder.File("int8");
        CheckpointQuantizer.Run(ModelDirectory.Open(checkpoint.Path), WeightQuantization.EightBits, written, null, CancellationToken.None);
        LoadedModel.Load(written, OneThread with { DataType = null }, null, CancellationToken.None).Dispose();
        var error = Assert.Throws<ModelLoadException>(() => LoadedModel.Load(written, OneThread, null, CancellationToken.None));
        Assert.Contains("holds int8 weights", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(InfillCheckpoint.Mask)]
    [InlineData(InfillCheckpoint.FimPrefix)]
    [InlineData(InfillCheckpoint.FimSuffix)]
    [InlineData(InfillCheckpoint.FimMiddle)]
    public async Task LoadAsync_TokenizerLacksAControlToken_NamesTheFile(int without)
    {
        using var checkpoint = new InfillCheckpoint(without: without);
        var error = await Assert.ThrowsAsync<ModelLoadException>(() =>
            InfillEngine.LoadAsync(checkpoint.Path, OneThread, null, CancellationToken.None)
        );
        Assert.Contains(checkpoint.FilePath("tokenizer.json"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadAsync_InPlaceCheckpoint_NeedsNoFimToken()
    {
        using var checkpoint = new InfillCheckpoint(inPlace: true, without: InfillCheckpoint.FimPrefix);
        await using InfillEngine engine = await InfillEngine.LoadAsync(checkpoint.Path, OneThread, null, CancellationToken.None);
        Assert.Equal(Path.GetFileName(checkpoint.Path), engine.Description.Model);
        Assert.Equal("cpu", engine.Description.Device);
        Assert.Equal("float32", engine.Description.DataType);
        Assert.Equal(256, engine.Description.ContextLength);
        Assert.True(engine.Description.Parameters > 280 * 16);
    }

    [Fact]
    public void Load_TokenizerHasMoreIdsThanTheEmbedding_SaysSo()
    {
        using var checkpoint = new InfillCheckpoint();
        string path = checkpoint.FilePath("tokenizer.json");
        string json = File.ReadAllText(path);
        File.WriteAllText(
            path,
            json.Replace("\"id\":7,", "\"id\":5000,", StringComparison.Ordinal)
                .Replace("PLHD7]\\u003E\":7", "PLHD7]\\u003E\":5000", StringComparison.Ordinal)
        );
        var error = Assert.Throws<ModelLoadException>(() => LoadedModel.Load(checkpoint.Path, OneThread, null, CancellationToken.None));
        Assert.Contains("5000", error.Message, StringComparison.Ordinal);
        Assert.Contains("vocab_size 280", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_Cancelled_Stops()
    {
        using var checkpoint = new InfillCheckpoint();
        using var cancellation = new CancellationTokenSource();
        var progress = new Recorder<ModelLoadProgress>([], _ => cancellation.Cancel());
        Assert.ThrowsAny<OperationCanceledException>(() => LoadedModel.Load(checkpoint.Path, OneThread, progress, cancellation.Token));
    }

    [Theory]
    [InlineData("float16", "cpu", null)]
    [InlineData(null, "tpu", null)]
    [InlineData(null, "cpu", 0)]
    public void Load_OptionOutOfBounds_IsAnArgumentError(string? dataType, string device, int? threads)
    {
        using var checkpoint = new InfillCheckpoint();
        var options = new ModelLoadOptions
        {
            DataType = dataType,
            Device = device,
            Threads = threads,
        };
        Assert.Throws<ArgumentException>(() => LoadedModel.Load(checkpoint.Path, options, null, CancellationToken.None));
    }
}
