using StableDiffCoder.Engine.Model;
using StableDiffCoder.Training.Running;

namespace StableDiffCoder.Training.Benchmarking;

/// <summary>What to measure. The one source of these defaults: the embedded model's recipe.</summary>
public sealed record TrainingBenchmarkOptions
{
    /// <value>The model's shape. Default as in a training config.</value>
    public ModelShape Model { get; init; } = new();

    /// <value>Token ids, V. Default 4096.</value>
    public int VocabularySize { get; init; } = 4096;

    /// <value>Tokens a row, L. Default 512.</value>
    public int ContextLength { get; init; } = 512;

    /// <value>Rows a batch. Default 8.</value>
    public int BatchRows { get; init; } = 8;

    /// <value>Batches accumulated before an update. Default 1.</value>
    public int Accumulate { get; init; } = 1;

    /// <value>Tokens a block of the cpt stage. Default 4.</value>
    public int BlockLength { get; init; } = 4;

    /// <value>"bfloat16" or "float32". Default bfloat16.</value>
    public string Dtype { get; init; } = "bfloat16";

    /// <value>"cpu" or "cuda". Default cpu.</value>
    public string Device { get; init; } = "cpu";

    /// <value>Time of each measurement; three rounds are made in any case. Default 5 seconds.</value>
    public TimeSpan Time { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The shapes of a training config.</summary>
    public static TrainingBenchmarkOptions Of(TrainingConfig config, int vocabularySize) =>
        new()
        {
            Model = config.Model,
            VocabularySize = vocabularySize,
            ContextLength = config.ContextLength,
            BatchRows = config.BatchRows,
            Accumulate = config.Accumulate,
            BlockLength = config.Stages.LastOrDefault(stage => stage.Kind == StageKind.Cpt)?.Noise.BlockLength ?? 4,
            Dtype = config.Dtype,
            Device = config.Device,
        };

    /// <summary>The training config of these shapes; its files are not there, rows are made up.</summary>
    internal TrainingConfig ToConfig() =>
        new()
        {
            Model = Model,
            ContextLength = ContextLength,
            BatchRows = BatchRows,
            Accumulate = Accumulate,
            Dtype = Dtype,
            Device = Device,
            Tokenizer = "none",
            Train = ["none"],
            Validation = ["none"],
            Out = "none",
            Stages =
            [
                new StageConfig { Kind = StageKind.Ar, Tokens = 1 },
                new StageConfig
                {
                    Kind = StageKind.Cpt,
                    Tokens = 1,
                    Noise = new() { BlockLength = BlockLength },
                },
            ],
        };

    internal ModelConfig ToModelConfig() => ToConfig().ToModelConfig(VocabularySize);
}
