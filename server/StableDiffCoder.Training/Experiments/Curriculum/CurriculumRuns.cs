using StableDiffCoder.Engine.Tokenization;
using StableDiffCoder.Training.Objectives;
using StableDiffCoder.Training.Optimization;
using StableDiffCoder.Training.Running;
using StableDiffCoder.Training.Tokenizers;
using StableDiffCoder.Training.Tokens;

namespace StableDiffCoder.Training.Experiments.Curriculum;

/// <summary>The data and the training runs of the curriculum.</summary>
internal static class CurriculumRuns
{
    /// <summary>The three orders; the last stage of each sees both ways.</summary>
    public static readonly string[] Arms = ["AR → BiDLLM", "ARDLLM → BiDLLM", "BiDLLM"];

    /// <summary>Writes the shards and their tokenizer.</summary>
    public static ExperimentData WriteData(ExperimentContext context, IReadOnlyList<Question> questions)
    {
        string folder = Path.Combine(Path.GetFullPath(context.OutDirectory), "data", "curriculum");
        var data = new ExperimentData(
            Path.Combine(folder, "tokenizer.json"),
            [Path.Combine(folder, "train.bin")],
            [Path.Combine(folder, "validation.bin")],
            folder
        );
        // Bytes and special tokens only: digits and letters are tokens of their own.
        var bytes = new BpeTrainingOptions();
        bytes = bytes with { VocabularySize = bytes.SpecialTokens.Count + 256 };
        TokenizerJson.Write(BpeTrainer.Train(["a"], bytes, null, context.CancellationToken), data.Tokenizer);
        HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.Load(data.Tokenizer);
        ushort[][] Encode(IEnumerable<string> texts) =>
            [.. texts.Select(text => tokenizer.Encode(text, parseSpecial: false).Select(id => (ushort)id).ToArray())];
        TokenShard.Write(data.Train[0], Encode(ArithmeticCorpus.TrainingDocuments(questions)));
        TokenShard.Write(data.Validation[0], Encode(questions.Where(question => question.HeldOut).Select(question => question.Text)));
        return data;
    }

    /// <summary>Trains one arm.</summary>
    public static TrainedRun Train(ExperimentContext context, ExperimentData data, string arm, long seed)
    {
        long tokens = context.Sized(9_000_000L, 2048L);
        int length = context.Sized(128, 64);
        StageConfig Full(long count, bool causal, double warmup) =>
            new()
            {
                Kind = StageKind.Cpt,
                Tokens = count,
                Noise = new BlockNoiseOptions { BlockLength = length },
                NoiseWarmupShare = warmup,
                Causal = causal,
                LearningRate = Rate(),
            };
        StageConfig[] stages = arm switch
        {
            "AR → BiDLLM" =>
            [
                new StageConfig
                {
                    Kind = StageKind.Ar,
                    Tokens = tokens / 2,
                    LearningRate = Rate(),
                },
                Full(tokens / 2, false, 0.1),
            ],
            "ARDLLM → BiDLLM" => [Full(tokens / 2, true, 0.1), Full(tokens / 2, false, 0.1)],
            _ => [Full(tokens, false, 0.1)],
        };
        return context.Train(
            $"curriculum-{Array.IndexOf(Arms, arm) + 1}-s{seed}",
            new TrainingConfig
            {
                Model = context.Sized(
                    new ModelShape
                    {
                        HiddenSize = 128,
                        IntermediateSize = 344,
                        LayerCount = 3,
                        HeadCount = 4,
                        KeyValueHeadCount = 2,
                        HeadDimension = 32,
                    },
                    CodeModels.Tiny
                ),
                Tokenizer = data.Tokenizer,
                Train = data.Train,
                Validation = data.Validation,
                Out = "",
                ContextLength = length,
                BatchRows = context.Sized(16, 4),
                FimShare = 0,
                Optimizer = new OptimizerOptions { Muon = true },
                Seed = seed,
                CheckpointEvery = context.Sized(200, 4),
                KeepCheckpoints = 1,
                ValidateEvery = context.Sized(200, 4),
                ValidationRows = context.Sized(32, 2),
                Stages = stages,
            }
        );
    }

    private static LearningRateSchedule Rate() =>
        new()
        {
            Peak = 4e-3,
            WarmupShare = 0.04,
            DecayShare = 0.5,
            FinalShare = 0.05,
        };
}
