using StableDiffCoder.Engine.Infilling;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Engine.Weights;
using StableDiffCoder.Training.Evaluation;
using StableDiffCoder.Training.Running;
using StableDiffCoder.Training.Tokens;

namespace StableDiffCoder.Training.Tests.Running;

/// <summary>
/// One document learned by heart is filled in exactly, whichever way it was learned: training rows and inference agree in layout, attention
/// and shift.
/// </summary>
public sealed class OverfittingTests : IDisposable
{
    private const string Document = "int Sum(int a)\n{\n    int b = a + 1;\n    return b * 3;\n}\n";

    private readonly TinyCorpus corpus = new();

    public OverfittingTests()
    {
        ushort[] ids = [.. corpus.Tokenizer.Encode(Document, parseSpecial: false).Select(id => (ushort)id)];
        TokenShard.Write(Path.Combine(corpus.Root, "train.bin"), [ids]);
        TokenShard.Write(Path.Combine(corpus.Root, "validation.bin"), [ids]);
    }

    public void Dispose() => corpus.Dispose();

    [Fact]
    public async Task Train_Autoregressively_FillsFromLeftToRight()
    {
        string folder = Train("""[{"kind":"ar","tokens":120000,"learning_rate":{"peak":5e-3,"decay_share":0.5}}]""");
        using LoadedModel model = LoadedModel.Load(folder, new ModelLoadOptions { DataType = "float32" }, null, CancellationToken.None);
        await AssertFillsAsync(new AutoregressiveHoleFiller(model));
    }

    [Theory]
    [InlineData(
        """[{"kind":"cpt","tokens":300000,"learning_rate":{"peak":8e-3,"decay_share":0.7},"noise":{"block_length":4}}]""",
        InfillOrder.Fim
    )]
    [InlineData(
        """[{"kind":"cpt","tokens":480000,"learning_rate":{"peak":5e-3,"decay_share":0.5},"noise":{"block_length":96},"infill_order":"in_place"}]""",
        InfillOrder.InPlace
    )]
    public async Task Train_ByDiffusion_FillsInItsOwnOrder(string stages, InfillOrder order)
    {
        string folder = Train(stages);
        Assert.Equal(order, ModelDirectory.Open(folder).Config.InfillOrder);
        await using InfillEngine engine = await InfillEngine.LoadAsync(
            folder,
            new ModelLoadOptions { DataType = "float32", Threads = 1 },
            null,
            CancellationToken.None
        );
        await AssertFillsAsync(new EngineHoleFiller(engine, new InfillOptions()));
    }

    private string Train(string stages) =>
        new TrainingRun(
            TrainingConfig.Read(
                corpus.WriteConfig(
                    "one",
                    System.Text.Json.JsonDocument.Parse(stages).RootElement,
                    new
                    {
                        model = new
                        {
                            hidden_size = 32,
                            intermediate_size = 64,
                            layer_count = 2,
                            head_count = 2,
                            key_value_head_count = 1,
                            head_dimension = 16,
                        },
                        context_length = 96,
                        batch_rows = 4,
                        fim_share = 1.0,
                        checkpoint_every = 1000,
                        validate_every = 1000,
                    }
                )
            ),
            null
        ).Run(resume: false, CancellationToken.None);

    private static async Task AssertFillsAsync(IHoleFiller filler)
    {
        string[] answers = ["int b = a + 1;", "return b * 3;", "b * 3;"];
        var fills = new List<string>();
        foreach (string answer in answers)
        {
            int at = Document.IndexOf(answer, StringComparison.Ordinal);
            var hole = new Hole("one", HoleKind.InLine, Document[..at], Document[(at + answer.Length)..], answer);
            fills.Add((await filler.FillAsync(hole, 16, CancellationToken.None)).Text.Trim());
        }
        Assert.Equal(answers, fills);
    }
}
