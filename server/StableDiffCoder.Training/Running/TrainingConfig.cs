using System.Text.Json;
using System.Text.Json.Serialization;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Training.Optimization;

namespace StableDiffCoder.Training.Running;

/// <summary>A whole training run, as a JSON file with snake_case names; relative paths are relative to that file.</summary>
public sealed record TrainingConfig
{
    /// <value>Shape of the new model.</value>
    public ModelShape Model { get; init; } = new();

    /// <value>A Hugging Face Llama folder to start from instead of nothing. Default null.</value>
    public string? InitFrom { get; init; }

    /// <value>The tokenizer.json.</value>
    public required string Tokenizer { get; init; }

    /// <value>Token shards to train on.</value>
    public required IReadOnlyList<string> Train { get; init; }

    /// <value>Token shards to validate on.</value>
    public required IReadOnlyList<string> Validation { get; init; }

    /// <value>Files of edit samples to train an sft stage on. Default none.</value>
    public IReadOnlyList<string> Edits { get; init; } = [];

    /// <value>Files of edit samples to validate an sft stage on. Default none.</value>
    public IReadOnlyList<string> ValidationEdits { get; init; } = [];

    /// <value>Folder for checkpoints, metrics and the trained model.</value>
    public required string Out { get; init; }

    /// <value>Tokens a row, L. Default 512.</value>
    public int ContextLength { get; init; } = 512;

    /// <value>Rows a batch. Default 8.</value>
    public int BatchRows { get; init; } = 8;

    /// <value>Batches accumulated before an update. Default 1.</value>
    public int Accumulate { get; init; } = 1;

    /// <value>Share of samples with holes, in fill-in-the-middle order or in place. Default 0.7.</value>
    public double FimShare { get; init; } = 0.7;

    /// <value>Decides everything that is random. Default 1.</value>
    public long Seed { get; init; } = 1;

    /// <value>"bfloat16" or "float32", the type of weights and activations (masters are float32). Default bfloat16.</value>
    public string Dtype { get; init; } = "bfloat16";

    /// <value>"cpu" or "cuda". Default cpu.</value>
    public string Device { get; init; } = "cpu";

    /// <value>The optimizer.</value>
    public OptimizerOptions Optimizer { get; init; } = new();

    /// <value>Gradients are clipped to this norm. Default 1.</value>
    public double LargestGradientNorm { get; init; } = 1;

    /// <value>Updates between checkpoints. Default 200.</value>
    public int CheckpointEvery { get; init; } = 200;

    /// <value>Newest checkpoints kept, beside the one with the lowest validation loss of the latest stage. Default 2.</value>
    public int KeepCheckpoints { get; init; } = 2;

    /// <value>Updates between validations. Default 200.</value>
    public int ValidateEvery { get; init; } = 200;

    /// <value>Rows of a validation. Default 32.</value>
    public int ValidationRows { get; init; } = 32;

    /// <value>Which masked tokens the trained model is to reveal first; recorded with it. Default low_confidence, the released sampler's.</value>
    public RemaskingOrder Remasking { get; init; }

    /// <value>Largest weight of what a document says where it repeats itself; recorded with the trained model. Default 0.</value>
    public double DocumentPrior { get; init; }

    /// <value>The curriculum, in order.</value>
    public required IReadOnlyList<StageConfig> Stages { get; init; }

    /// <summary>Tokens of one update.</summary>
    [JsonIgnore]
    public long TokensPerUpdate => (long)ContextLength * BatchRows * Accumulate;

    /// <summary>Updates of a stage.</summary>
    public int Updates(StageConfig stage) => (int)Math.Max(1, (stage.Tokens + TokensPerUpdate - 1) / TokensPerUpdate);

    /// <summary>This config as a stage sees it: with the stage's own context length, and the rows that keep the tokens of an update.</summary>
    public TrainingConfig For(StageConfig stage) =>
        stage.ContextLength is int length
            ? this with
            {
                ContextLength = length,
                BatchRows = Math.Max(1, BatchRows * ContextLength / length),
            }
            : this;

    /// <summary>Tokens of the longest rows.</summary>
    [JsonIgnore]
    public int LongestContext => Stages.Max(stage => For(stage).ContextLength);

    /// <summary>
    /// Shape of the new model in the engine's terms, as the last stage leaves it: full bidirectional attention fills holes in place, a model
    /// that predicts the next token is recorded as such.
    /// </summary>
    public ModelConfig ToModelConfig(int vocabularySize) =>
        AfterTraining(
            new ModelConfig
            {
                VocabSize = vocabularySize,
                HiddenSize = Model.HiddenSize,
                IntermediateSize = Model.IntermediateSize,
                LayerCount = Model.LayerCount,
                HeadCount = Model.HeadCount,
                KeyValueHeadCount = Model.KeyValueHeadCount,
                HeadDimension = Model.HeadDimension,
                MaxPositionEmbeddings = LongestContext,
                RopeTheta = Model.RopeTheta,
                TieWordEmbeddings = true,
            }
        );

    /// <summary>A model's config as the last stage leaves it.</summary>
    public ModelConfig AfterTraining(ModelConfig model)
    {
        StageConfig last = Stages[^1];
        return model with
        {
            BlockLength = last.Kind == StageKind.Ar || last.Causal ? 1 : Math.Min(last.Noise.BlockLength, model.MaxPositionEmbeddings),
            InfillOrder = last.IsBidirectional(For(last).ContextLength) ? InfillOrder.InPlace : InfillOrder.Fim,
            LengthFiller = last.InfillOrder == InfillOrder.InPlace,
            LogitShift = last.PredictsNext,
            Remasking = Remasking,
            DocumentPrior = DocumentPrior,
        };
    }

    /// <summary>Reads and validates a config file.</summary>
    /// <exception cref="TrainingException">The file is missing, not JSON, has unknown or bad fields.</exception>
    public static TrainingConfig Read(string path)
    {
        try
        {
            TrainingConfig config =
                JsonSerializer.Deserialize<TrainingConfig>(File.ReadAllBytes(path), Json)
                ?? throw new TrainingException($"{path} is empty.");
            TrainingConfig resolved = config.Resolved(Path.GetDirectoryName(Path.GetFullPath(path))!);
            resolved.Validate(path);
            return resolved;
        }
        catch (JsonException error)
        {
            throw new TrainingException($"{path}: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TrainingException($"{path} cannot be read: {(Directory.Exists(path) ? "it is a folder." : error.Message)}", error);
        }
    }

    private TrainingConfig Resolved(string root) =>
        this with
        {
            Tokenizer = Path.Combine(root, Tokenizer),
            Train = [.. Train.Select(file => Path.Combine(root, file))],
            Validation = [.. Validation.Select(file => Path.Combine(root, file))],
            Edits = [.. Edits.Select(file => Path.Combine(root, file))],
            ValidationEdits = [.. ValidationEdits.Select(file => Path.Combine(root, file))],
            Out = Path.Combine(root, Out),
            InitFrom = InitFrom is null ? null : Path.Combine(root, InitFrom),
        };

    /// <summary>This config as JSON, with every default written out.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Refuses values out of bounds.</summary>
    /// <param name="path">Where the config came from, for the message.</param>
    /// <exception cref="TrainingException">Names the field and what it must be.</exception>
    public void Validate(string path)
    {
        void Require(bool condition, string field, string rule)
        {
            if (!condition)
            {
                throw new TrainingException($"{path}: '{field}' must be {rule}.");
            }
        }

        Require(Stages.Count > 0, "stages", "a list with at least one stage");
        Require(Train.Count > 0, "train", "a list with at least one token shard");
        Require(Validation.Count > 0, "validation", "a list with at least one token shard");
        Require(ContextLength >= 16, "context_length", "16 or more");
        Require(BatchRows >= 1, "batch_rows", "1 or more");
        Require(Accumulate >= 1, "accumulate", "1 or more");
        Require(FimShare is >= 0 and <= 1, "fim_share", "from 0 to 1");
        Require(DocumentPrior is >= 0 and < 1, "document_prior", "from 0 to below 1");
        Require(Dtype is "bfloat16" or "float32", "dtype", "\"bfloat16\" or \"float32\"");
        Require(LargestGradientNorm > 0, "largest_gradient_norm", "positive");
        Require(CheckpointEvery >= 1, "checkpoint_every", "1 or more");
        Require(KeepCheckpoints >= 1, "keep_checkpoints", "1 or more");
        Require(ValidateEvery >= 1, "validate_every", "1 or more");
        Require(ValidationRows >= 1, "validation_rows", "1 or more");
        Require(Device == "cpu" || Device.StartsWith("cuda", StringComparison.Ordinal), "device", "\"cpu\" or \"cuda\"");
        foreach (StageConfig stage in Stages)
        {
            int length = For(stage).ContextLength;
            Require(length >= 16, "stages.context_length", "16 or more");
            Require(
                (long)BatchRows * ContextLength % length == 0,
                "stages.context_length",
                $"a divisor of batch_rows · context_length ({(long)BatchRows * ContextLength}), so that an update keeps its tokens"
            );
            Require(stage.Tokens > 0, "stages.tokens", "positive");
            Require(stage.LearningRate.Peak > 0, "stages.learning_rate.peak", "positive");
            Require(stage.Noise.BlockLength >= 1, "stages.noise.block_length", "1 or more");
            Require(stage.NoiseWarmupShare is >= 0 and < 1, "stages.noise_warmup_share", "from 0 to below 1");
            Require(stage.ReplayShare is >= 0 and < 1, "stages.replay_share", "from 0 to below 1");
            bool isEdit = stage.Kind == StageKind.Sft;
            Require(!isEdit || Edits.Count > 0, "edits", "a list with at least one file of edit samples, for the sft stage");
            Require(
                !isEdit || ValidationEdits.Count > 0,
                "validation_edits",
                "a list with at least one file of edit samples, for the sft stage"
            );
            Require(
                !isEdit || stage.Noise.BlockLength < length,
                "stages.noise.block_length",
                $"below context_length ({ContextLength}) in an sft stage"
            );
            Require(
                !stage.Causal || (stage.Kind == StageKind.Cpt && stage.Noise.BlockLength >= length),
                "stages.causal",
                $"false, or the stage a cpt stage with a block_length of at least context_length ({length})"
            );
            Require(
                stage.InfillOrder == InfillOrder.Fim || stage.IsBidirectional(length),
                "stages.infill_order",
                $"\"fim\", or the stage a cpt stage with a block_length of at least context_length ({length}): other models do not see behind a hole"
            );
        }
    }

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };
}
