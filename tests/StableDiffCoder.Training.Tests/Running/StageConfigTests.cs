using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Weights;
using StableDiffCoder.Training.Running;

namespace StableDiffCoder.Training.Tests.Running;

public sealed class StageConfigTests : IDisposable
{
    private readonly TinyCorpus corpus = new();

    public void Dispose() => corpus.Dispose();

    [Theory]
    [InlineData("""[{"kind":"ar","tokens":1}]""", 1, InfillOrder.Fim, true)]
    [InlineData("""[{"kind":"ar","tokens":1},{"kind":"cpt","tokens":1,"noise":{"block_length":8}}]""", 8, InfillOrder.Fim, false)]
    [InlineData("""[{"kind":"cpt","tokens":1,"logit_shift":true}]""", 4, InfillOrder.Fim, true)]
    [InlineData("""[{"kind":"cpt","tokens":1,"noise":{"block_length":1000},"infill_order":"in_place"}]""", 64, InfillOrder.InPlace, false)]
    [InlineData("""[{"kind":"cpt","tokens":1,"noise":{"block_length":64},"causal":true}]""", 1, InfillOrder.Fim, false)]
    public void ToModelConfig_LastStage_SaysHowTheModelIsUsed(string stages, int blockLength, InfillOrder order, bool shift)
    {
        TrainingConfig config = Read(stages);
        ModelConfig model = config.ToModelConfig(320);
        Assert.Equal((blockLength, order, shift), (model.BlockLength, model.InfillOrder, model.LogitShift));
        Assert.Equal(order == InfillOrder.InPlace, model.LengthFiller);
        string file = Path.Combine(corpus.Root, "config.json");
        File.WriteAllText(file, model.ToJson("bfloat16"));
        Assert.Equal(model, ModelConfig.Read(file));
    }

    [Fact]
    public void ToModelConfig_Remasking_IsRecordedWithTheModel()
    {
        object stages = System.Text.Json.JsonDocument.Parse("""[{"kind":"cpt","tokens":1}]""").RootElement;
        string path = corpus.WriteConfig("order", stages, new { remasking = "left_to_right" });
        string file = Path.Combine(corpus.Root, "config.json");
        File.WriteAllText(file, TrainingConfig.Read(path).ToModelConfig(320).ToJson("bfloat16"));
        Assert.Equal(RemaskingOrder.LeftToRight, ModelConfig.Read(file).Remasking);
        File.WriteAllText(file, File.ReadAllText(file).Replace("left-to-right", "sideways", StringComparison.Ordinal));
        Assert.Contains("remasking", Assert.Throws<ModelLoadException>(() => ModelConfig.Read(file)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"kind":"cpt","tokens":1,"infill_order":"in_place"}]""", "infill_order")]
    [InlineData("""[{"kind":"ar","tokens":1,"infill_order":"in_place"}]""", "infill_order")]
    [InlineData("""[{"kind":"cpt","tokens":1,"causal":true}]""", "causal")]
    [InlineData("""[{"kind":"sorting","tokens":1}]""", "kind")]
    [InlineData("[]", "stages")]
    public void Read_StageThatCannotBe_NamesTheField(string stages, string field)
    {
        TrainingException error = Assert.Throws<TrainingException>(() => Read(stages));
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToJson_ReadAgain_IsTheSameConfig()
    {
        TrainingConfig config = Read("""[{"kind":"ar","tokens":1},{"kind":"cpt","tokens":5,"noise":{"block_length":2,"clipped":false}}]""");
        string copy = Path.Combine(corpus.Root, "copy.json");
        File.WriteAllText(copy, config.ToJson());
        Assert.Equal(config.ToJson(), TrainingConfig.Read(copy).ToJson());
    }

    private TrainingConfig Read(string stages) =>
        TrainingConfig.Read(corpus.WriteConfig("stages", System.Text.Json.JsonDocument.Parse(stages).RootElement));
}
