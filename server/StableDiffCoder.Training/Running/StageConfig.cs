using System.Text.Json;
using System.Text.Json.Serialization;
using StableDiffCoder.Engine.Model;
using StableDiffCoder.Training.Objectives;
using StableDiffCoder.Training.Optimization;

namespace StableDiffCoder.Training.Running;

/// <summary>What a stage trains.</summary>
public enum StageKind
{
    /// <summary>Autoregressive pretraining.</summary>
    Ar,

    /// <summary>Continual pretraining with block diffusion.</summary>
    Cpt,

    /// <summary>Supervised fine-tuning on edits by instruction: block diffusion of the answers alone.</summary>
    Sft,
}

/// <summary>One stage of the curriculum.</summary>
public sealed record StageConfig
{
    /// <value>The objective.</value>
    public required StageKind Kind { get; init; }

    /// <value>Tokens to train on (rows · context length; the clean half of block diffusion does not count again).</value>
    public required long Tokens { get; init; }

    /// <value>Learning rate over this stage.</value>
    public LearningRateSchedule LearningRate { get; init; } = new();

    /// <value>Noise of a cpt or sft stage. Its block length, at the context length or above, means full bidirectional attention.</value>
    public BlockNoiseOptions Noise { get; init; } = new();

    /// <value>Share of a cpt stage's steps with corruption warmup. Default 0.1.</value>
    public double NoiseWarmupShare { get; init; } = 0.1;

    /// <value>Predict a token from the position before it, as ar stages do; a model that ends so is not for the engine. Default false.</value>
    public bool LogitShift { get; init; }

    /// <value>Full-row diffusion in which a token sees those to its left only (figure 2's ARDLLM). Default false.</value>
    public bool Causal { get; init; }

    /// <value>Samples with holes: "fim", or "in_place" for full bidirectional attention (the report's step 3). Default fim.</value>
    public InfillOrder InfillOrder { get; init; } = InfillOrder.Fim;

    /// <value>Every sample of a cpt stage has a hole in FIM order, and only the hole's tokens are noised and count. Default false.</value>
    public bool HolesOnly { get; init; }

    /// <value>Most tokens of a sample, so that a row holds several; null lets one fill the row. Default null.</value>
    public int? LargestSample { get; init; }

    /// <value>
    /// Tokens a row in this stage, for a stage with longer rows at the end; the rows of a batch are as many fewer. Null is the run's
    /// context_length. Default null.
    /// </value>
    public int? ContextLength { get; init; }

    /// <value>Share of an sft stage's rows that are made of the corpus as in a cpt stage, lest infilling is forgotten. Default 0.</value>
    public double ReplayShare { get; init; }

    /// <summary>The objective's options.</summary>
    [JsonIgnore]
    public BlockDiffusionOptions Diffusion =>
        new()
        {
            Noise = Noise,
            WarmupShare = Kind == StageKind.Sft ? 0 : NoiseWarmupShare,
            LogitShift = LogitShift,
            Causal = Causal,
        };

    /// <summary>The kind's name in metrics: as in the config.</summary>
    [JsonIgnore]
    public string Name => JsonNamingPolicy.SnakeCaseLower.ConvertName(Kind.ToString());

    /// <summary>Whether every token of a row may see every other.</summary>
    public bool IsBidirectional(int contextLength) => Kind == StageKind.Cpt && Noise.BlockLength >= contextLength && !Causal;

    /// <summary>Whether the stage predicts the next token instead of the masked one.</summary>
    [JsonIgnore]
    public bool PredictsNext => Kind == StageKind.Ar || LogitShift;
}
